//! Post (発送): what is due becomes a batch, a batch becomes paper, and somebody says when it was posted.

mod addressing;
mod barred;
mod codes;
mod due;
mod kept;
mod leaflets;
mod making;
mod posted;
mod previewing;
mod printing;
mod returns;
mod suggesting;
mod taking;

pub use codes::PostalCodes;
pub use due::{PostDueRow, PostLook};
pub use kept::PrintAs;
pub use leaflets::Leaflet;
pub use making::{MadePost, MakePost};
pub use outreach::post::price::Cost as PostCost;
pub use posted::{BatchRow, BatchView, PostedBatch, batch_words};
pub use printing::{PostFile, PostFiles, Pulled, write_whole};
pub use returns::{RETURN_REASONS, ReturnedPiece, ReturnsTaken};
pub use store::{Batch, BatchState, PostDue};
pub use suggesting::{ELDERLY, PostFit};
pub use taking::HeldPiece;

pub(crate) use kept::paper;
pub(crate) use previewing::as_text;
pub(crate) use suggesting::age;
