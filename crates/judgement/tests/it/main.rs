//! What a policy says of customers whose whole life is known.

mod advised;
mod books;
mod boundaries;
mod degenerate;
mod frames;
mod known;
mod life;
mod little;
mod nevers;
mod outlooks;
mod sentences;
mod shops;
mod whys;
