//! The store's stories, each told on SQLite and on PostgreSQL.

mod help;
mod identity;
mod imports;
mod kept;
mod nevers;
mod permissions;
