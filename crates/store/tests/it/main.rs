//! The store's stories, each told on SQLite and on PostgreSQL.

#[cfg(test)]
mod cadences;
#[cfg(test)]
mod copies;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod exclusions;
#[cfg(test)]
mod help;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod nevers;
#[cfg(test)]
mod own_words;
#[cfg(test)]
mod paths;
#[cfg(test)]
mod permissions;
#[cfg(test)]
mod statements;
mod supply;
