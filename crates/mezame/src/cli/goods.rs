//! The words of `mezame goods`.

use clap::Subcommand;

#[derive(Subcommand)]
pub enum GoodsVerb {
    /// What a customer may like next, and why
    Next {
        /// Number, mail, phone or the cart's id
        customer: String,
    },
    /// What goes with what, as counted over everybody's orders
    Pairs {
        /// Count anew
        #[arg(long)]
        anew: bool,
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// A customer does not want to be offered a product
    Refuse {
        /// Number, mail, phone or the cart's id
        customer: String,
        /// The product's code
        sku: String,
        #[arg(long)]
        by: String,
    },
}
