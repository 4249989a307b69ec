//! Points and rectangles in pixels, origin top left, y downwards.

/// A place on the canvas, in px.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// Distance from the left edge.
    pub x: f32,
    /// Distance from the top edge.
    pub y: f32,
}

/// An upright rectangle, in px.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width, never negative.
    pub w: f32,
    /// Height, never negative.
    pub h: f32,
}

impl Rect {
    /// A rectangle from its left and top edge, width and height.
    #[must_use]
    pub const fn new(x: f32, y: f32, w: f32, h: f32) -> Self {
        Self { x, y, w, h }
    }

    /// The right edge.
    #[must_use]
    pub fn right(&self) -> f32 {
        self.x + self.w
    }

    /// The bottom edge.
    #[must_use]
    pub fn bottom(&self) -> f32 {
        self.y + self.h
    }

    /// The same rectangle on a canvas `k` times as large.
    #[must_use]
    pub fn scaled(&self, k: f32) -> Self {
        Self::new(self.x * k, self.y * k, self.w * k, self.h * k)
    }

    /// The same rectangle with its edges on whole pixels, at least one pixel each way.
    #[must_use]
    pub fn snapped(&self) -> Self {
        let (x, y) = (self.x.round(), self.y.round());
        Self::new(x, y, (self.right().round() - x).max(1.0), (self.bottom().round() - y).max(1.0))
    }
}
