//! The faces inside the program, raw: reading one takes microseconds, where unpacking the Chinese ones would
//! take 50 ms at every start. Their licences and origins are told in `fonts/README.md`.

/// Name (the file's stem) and bytes of each face, by name.
pub(super) const FACES: [(&str, &[u8]); 12] = [
    ("ArchivoCondensed-ExtraBold", include_bytes!("../../fonts/ArchivoCondensed-ExtraBold.ttf")),
    ("ArchivoExtraCondensed-Black", include_bytes!("../../fonts/ArchivoExtraCondensed-Black.ttf")),
    ("BricolageGrotesque-SemiBold", include_bytes!("../../fonts/BricolageGrotesque-SemiBold.ttf")),
    ("LibreFranklin-Bold", include_bytes!("../../fonts/LibreFranklin-Bold.ttf")),
    ("LibreFranklin-Medium", include_bytes!("../../fonts/LibreFranklin-Medium.ttf")),
    ("NewsreaderDeck-Italic", include_bytes!("../../fonts/NewsreaderDeck-Italic.ttf")),
    ("NewsreaderDisplay-Italic", include_bytes!("../../fonts/NewsreaderDisplay-Italic.ttf")),
    ("NewsreaderDisplay-Medium", include_bytes!("../../fonts/NewsreaderDisplay-Medium.ttf")),
    ("NewsreaderDisplay-MediumItalic", include_bytes!("../../fonts/NewsreaderDisplay-MediumItalic.ttf")),
    ("NewsreaderDisplay-Regular", include_bytes!("../../fonts/NewsreaderDisplay-Regular.ttf")),
    ("NotoSansSC-Bold", include_bytes!("../../fonts/NotoSansSC-Bold.ttf")),
    ("NotoSerifSC-SemiBold", include_bytes!("../../fonts/NotoSerifSC-SemiBold.ttf")),
];
