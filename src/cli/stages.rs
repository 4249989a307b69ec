//! Templates bound to sizes: what each quote is set in.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use pullquote::batch::{Photo, Stage};
use pullquote::card::{Class, SizeChoice};
use pullquote::diag::Diagnostic;
use pullquote::export::name::plain;
use pullquote::lang::Direction;
use pullquote::layout;
use pullquote::look::Look;
use pullquote::select::{Quote, chars, parts};

use super::args::CarouselArg;
use super::documents::folder_of;
use super::inputs::Inputs;
use super::plan::Wanted;
use super::size::size;
use super::templates::first;

/// Templates at sizes, each bound once.
pub struct Stages<'a> {
    /// What they are made of.
    pub inputs: &'a Inputs,
    /// All that were bound; the others point here.
    pub stages: Vec<Stage<'a>>,
    /// Where each is, or why it could not be bound.
    pub known: BTreeMap<(usize, SizeChoice, Direction), Result<usize, Diagnostic>>,
}

impl<'a> Stages<'a> {
    /// The parts of a quote that runs over several cards; `None` where one is enough, or where it cannot be split.
    pub fn parts(&self, quote: &Quote<'_>, stage: usize) -> Option<Arc<[Range<usize>]>> {
        let text = quote.text();
        let story = self.stages[stage].size.size.class() == Class::Story;
        let wished = match self.inputs.carousel {
            CarouselArg::Never => return None,
            CarouselArg::Auto => parts::count_for(chars(text), story),
            CarouselArg::Always => parts::count_for(chars(text), story).max(parts::FEWEST_PARTS),
        };
        if wished < parts::FEWEST_PARTS {
            return None;
        }
        parts::carousel(text, quote.lang(), wished).map(Arc::from)
    }

    /// The row's photograph, where its template shows one.
    pub fn photo(&self, quote: &Quote<'_>, stage: &Result<usize, Diagnostic>) -> Option<Arc<dyn Photo>> {
        if !stage.as_ref().is_ok_and(|&i| self.stages[i].template.shows_photo()) {
            return None;
        }
        let row = quote.turn().request.as_deref().and_then(|r| r.photo.as_deref());
        let path = row.map(|photo| folder_of(quote.transcript()).join(photo));
        let path = path.or_else(|| self.inputs.portraits.get(&plain(&quote.speaker().name)).cloned());
        path.and_then(|path| self.inputs.photos.get(&path))
    }

    /// The stages that the flags ask for, template by template.
    pub fn asked(&mut self) -> Vec<Result<usize, Diagnostic>> {
        let inputs = self.inputs;
        inputs
            .asked_templates
            .iter()
            .flat_map(|&template| self.of_template(template, &[], Direction::default()))
            .collect()
    }

    /// The stages of one quote.
    pub fn of(&mut self, wanted: &Wanted<'a>) -> Vec<Result<usize, Diagnostic>> {
        let inputs = self.inputs;
        let direction = wanted.pick.quote.direction();
        let row_size = match wanted.size.map(size).transpose() {
            Ok(row_size) => Vec::from_iter(row_size),
            Err(problem) => return vec![Err(problem)],
        };
        match wanted.template {
            Some(name) => match inputs.templates.get(name, folder_of(wanted.pick.quote.transcript())) {
                Ok(template) => self.of_template(template, &row_size, direction),
                Err(problem) => vec![Err(problem)],
            },
            None => inputs
                .asked_templates
                .iter()
                .flat_map(|&t| self.of_template(t, &row_size, direction))
                .collect(),
        }
    }

    fn of_template(
        &mut self,
        index: usize,
        row_size: &[SizeChoice],
        direction: Direction,
    ) -> Vec<Result<usize, Diagnostic>> {
        let template = &self.inputs.templates.loaded[index];
        match self.inputs.sizes_for(template, row_size) {
            Ok(sizes) => sizes.into_iter().map(|size| self.bind(index, size, direction)).collect(),
            Err(problem) => vec![Err(problem)],
        }
    }

    fn bind(&mut self, index: usize, size: SizeChoice, direction: Direction) -> Result<usize, Diagnostic> {
        let inputs = self.inputs;
        let template = &inputs.templates.loaded[index];
        let stages = &mut self.stages;
        let bind = || {
            let look = Look::new(template, &size, &inputs.brand, &inputs.fonts)
                .map_err(|e| first(&e.diagnostics()))?
                .facing(direction);
            let ground = layout::ground(&look, &inputs.fonts).map_err(|e| e.diagnostic())?;
            stages.push(Stage { template, size: size.clone(), look, ground });
            Ok(stages.len() - 1)
        };
        self.known.entry((index, size.clone(), direction)).or_insert_with(bind).clone()
    }
}
