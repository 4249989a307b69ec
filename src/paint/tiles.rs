//! How light a ground is, tile by tile: so that most texts need not be held against any pixel.

use std::sync::OnceLock;

use super::Pixels;
use crate::color::luminance;

/// Side of a tile, px: a small text is about as high.
pub const TILE: u32 = 16;

/// The least and greatest luminance of every tile, found when first asked for: one card asks for a few hundred of
/// five thousand.
#[derive(Clone)]
pub(super) struct Tiles {
    columns: u32,
    found: Vec<OnceLock<(f32, f32)>>,
}

impl Tiles {
    pub(super) fn new(width: u32, height: u32) -> Self {
        let columns = width.div_ceil(TILE);
        Self { columns, found: vec![OnceLock::new(); (columns * height.div_ceil(TILE)) as usize] }
    }

    pub(super) fn get(&self, column: u32, row: u32, pixels: &Pixels) -> (f32, f32) {
        assert!(column < self.columns, "tile {column} is outside");
        *self.found[(row * self.columns + column) as usize].get_or_init(|| {
            let columns = column * TILE..((column + 1) * TILE).min(pixels.width);
            let rows = row * TILE..((row + 1) * TILE).min(pixels.height);
            let first = pixels.pixel(columns.start, rows.start);
            let (mut last, mut least, mut most) = (first, luminance(first), luminance(first));
            // Most neighbours are alike: a flat ground is measured once a tile.
            let mut above: &[[u8; 3]] = &[];
            for row in rows.map(|y| pixels.row(y, columns.clone())) {
                if row == std::mem::replace(&mut above, row) {
                    continue;
                }
                for &rgb in row {
                    if rgb != last {
                        let light = luminance(rgb);
                        (last, least, most) = (rgb, least.min(light), most.max(light));
                    }
                }
            }
            (least, most)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_hold_their_extremes_to_the_edge() {
        let mut pixels = Pixels::filled(40, 20, [100; 3]);
        pixels.run(17, 33, 34)[0] = [255; 3];
        pixels.run(3, 0, 1)[0] = [0; 3];
        let tiles = Tiles::new(40, 20);
        let grey = luminance([100; 3]);
        assert_eq!(tiles.get(0, 0, &pixels), (0.0, grey));
        assert_eq!(tiles.get(1, 0, &pixels), (grey, grey));
        assert_eq!(tiles.get(2, 1, &pixels), (grey, luminance([255; 3])));
    }
}
