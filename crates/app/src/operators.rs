//! Who may open the pages from another machine: names, passwords, logins.

use crate::App;
use anyhow::{Context, Result, ensure};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// A login ends when it was not used for so long, seconds.
const IDLE: i64 = 12 * 3_600;
/// A login ends after so long, however much it was used, seconds.
pub const LONGEST_LOGIN: i64 = 7 * 86_400;
/// Fewest characters of a password.
const SHORTEST: usize = 10;
/// Most bytes of one: hashing more would only cost time.
const MOST: usize = 1_000;

/// What is verified for a name that nobody has, so that the answer takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash("nobody has this name").unwrap_or_default());

impl App {
    /// Lets an operator in with this password, in place of an earlier one; ends their logins.
    pub fn set_operator(&self, name: &str, password: &str) -> Result<()> {
        let name = name.trim();
        ensure!(
            !name.is_empty() && name.chars().count() <= 80,
            "the name of an operator has 1 to 80 characters"
        );
        ensure!(!name.chars().any(char::is_control), "the name of an operator is one line");
        ensure!(
            password.chars().count() >= SHORTEST && password.len() <= MOST,
            "a password has at least {SHORTEST} characters, and at most {MOST} bytes"
        );
        Ok(self.inner.store.set_operator(name, &hash(password)?, self.now())?)
    }

    /// Shuts an operator out and ends their logins, at once.
    pub fn shut_operator(&self, name: &str) -> Result<()> {
        Ok(self.inner.store.shut_operator(name.trim(), self.now())?)
    }

    /// Who may come in: (name, since), by name.
    pub fn operators(&self) -> Result<Vec<(String, i64)>> {
        let all = self.inner.store.operators()?;
        Ok(all.into_iter().map(|(name, _, since)| (name, since)).collect())
    }

    /// Logs an operator in: the token for their browser, of which only a hash is kept. `None`: the
    /// name or the password is wrong; either takes as long.
    pub fn log_in(&self, name: &str, password: &str) -> Result<Option<String>> {
        let all = self.inner.store.operators()?;
        let known = all.iter().find(|(known, ..)| known == name.trim());
        let right = verify(password, known.map_or(NOBODY.as_str(), |(_, word, _)| word));
        let Some((operator, ..)) = known.filter(|_| right) else { return Ok(None) };
        let mut token = [0; 32];
        getrandom::fill(&mut token).map_err(|e| anyhow::anyhow!("the system gives no random bytes: {e}"))?;
        let (token, now) = (hex(&token), self.now());
        self.inner.store.log_in(&kept(&token), operator, now, now - IDLE, now - LONGEST_LOGIN)?;
        Ok(Some(token))
    }

    /// Whose login a token is, while it holds.
    pub fn operator_of(&self, token: &str) -> Result<Option<String>> {
        let now = self.now();
        Ok(self.inner.store.login(&kept(token), now, now - IDLE, now - LONGEST_LOGIN)?)
    }

    /// Ends a login.
    pub fn log_out(&self, token: &str) -> Result<()> {
        Ok(self.inner.store.log_out(&kept(token))?)
    }
}

/// Argon2id as OWASP asks for it (19 MiB, two passes, one lane), with a salt of its own.
fn hash(password: &str) -> Result<String> {
    let hash: PasswordHash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|e| anyhow::anyhow!("{e}"))
        .context("hashing a password")?;
    Ok(hash.to_string())
}

fn verify(password: &str, word: &str) -> bool {
    let cut = &password.as_bytes()[..password.len().min(MOST + 1)];
    PasswordHash::new(word).is_ok_and(|word| Argon2::default().verify_password(cut, &word).is_ok())
}

/// What the database keeps of a token: it is random, so a plain hash cannot be undone.
fn kept(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
