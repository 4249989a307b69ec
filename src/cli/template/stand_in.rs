//! A portrait of nobody, for templates that show a photograph: painted, so that no face is borrowed.

use pullquote::card::CardSize;
use pullquote::color::Color;
use pullquote::export::png;
use pullquote::font::FontBook;
use pullquote::geom::{Point, Rect};
use pullquote::layout::{Item, Layout, Paint, Shape};
use pullquote::paint::{Ground, paint};
use pullquote::template::Art;

/// Head and shoulders before a window's light; the eyes are where a card looks for them.
pub fn portrait() -> Art {
    let size = CardSize::new(640, 800).expect("both sides are in range");
    let sheet = Rect::new(0.0, 0.0, 640.0, 800.0);
    let grey = |v: u8| Color::rgb(v, v, v.saturating_add(6));
    let radial = |x: f32, y: f32, r: f32, light: u8, dark: u8| Paint::Radial {
        center: Point { x, y },
        radius: (r, r),
        stops: vec![(0.0, grey(light)), (1.0, grey(dark))],
    };
    let ellipse = |x: f32, y: f32, w: f32, h: f32, paint: Paint| {
        Item::fill(Shape::Ellipse(Rect::new(x - w / 2.0, y - h / 2.0, w, h)), paint)
    };
    let items = vec![
        Item::fill(Shape::Rect(sheet), radial(170.0, 160.0, 720.0, 226, 112)),
        // Shoulders, neck, hair, face.
        ellipse(320.0, 800.0, 600.0, 460.0, radial(220.0, 600.0, 420.0, 78, 30)),
        ellipse(320.0, 500.0, 150.0, 220.0, radial(290.0, 470.0, 150.0, 170, 96)),
        ellipse(320.0, 258.0, 272.0, 320.0, radial(260.0, 150.0, 260.0, 74, 26)),
        ellipse(320.0, 300.0, 226.0, 300.0, radial(270.0, 240.0, 230.0, 222, 120)),
        ellipse(320.0, 176.0, 236.0, 110.0, radial(250.0, 150.0, 200.0, 74, 30)),
    ];
    let fonts = FontBook::builtin();
    let pixels = paint(
        &Layout::drawing(size, items),
        &Ground::paint(&Layout::drawing(size, Vec::new()), &fonts),
        &fonts,
    );
    Art::from_photo("portrait.png", &png::encode(&pixels)).expect("our own PNG can be read")
}
