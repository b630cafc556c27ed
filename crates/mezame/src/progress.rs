//! A progress bar with rate and remaining time on standard error.

use app::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Mutex;

/// Draws the progress of an import; silent where standard error is no terminal.
pub struct Bar {
    bar: ProgressBar,
    phase: Mutex<(&'static str, String)>,
}

impl Bar {
    pub fn new() -> Bar {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(5));
        Bar { bar, phase: Mutex::new(("", String::new())) }
    }

    /// Shows a step; a new phase or file starts the bar anew.
    pub fn show(&self, step: Progress) {
        let mut phase = self.phase.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if (phase.0, phase.1.as_str()) != (step.phase, step.file.as_str()) {
            let form = match (step.phase, step.total) {
                ("survey", _) => "{prefix} {wide_bar} {bytes}/{total_bytes} ({bytes_per_sec}, あと{eta})",
                (_, 0) => "{prefix} {spinner} {pos} ({per_sec})",
                _ => "{prefix} {wide_bar} {pos}/{len} ({per_sec}, あと{eta})",
            };
            if let Ok(style) = ProgressStyle::with_template(form) {
                self.bar.set_style(style);
            }
            let word = match step.phase {
                "survey" => "確認",
                "write" => "書込",
                "match" => "名寄せ",
                "post" => "発送",
                other => other,
            };
            self.bar.set_prefix(format!("{word} {}", crate::out::safe(&step.file)));
            self.bar.reset();
            *phase = (step.phase, step.file);
        }
        self.bar.set_length(step.total);
        self.bar.set_position(step.done);
    }

    pub fn done(&self) {
        self.bar.finish_and_clear();
    }
}
