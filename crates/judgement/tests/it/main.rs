//! What a policy says of customers whose whole life is known.

mod boundaries;
mod frames;
mod life;
mod nevers;
mod sentences;
