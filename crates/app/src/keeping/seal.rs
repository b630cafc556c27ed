//! Copies closed to whoever finds them: the age format (age-encryption.org/v1), which the `age` command
//! reads as well.

use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, Encryptor, scrypt, x25519};
use anyhow::{Context, Result, bail};
use std::io::{Read, Write};
use std::str::FromStr;

/// Rounds of scrypt as a power of two: 64 MiB and about a second for every guess.
const WORK: u8 = 16;
/// The most that is worked for a file of a stranger.
const MOST_WORK: u8 = 20;

/// To whom a copy is open.
#[derive(Clone, Default)]
pub enum Seal {
    /// Whoever can read the file.
    #[default]
    Open,
    /// Whoever knows these words.
    Passphrase(String),
    /// Whoever holds the other half of one of these keys (`age1...`): no secret lies on this machine.
    Keys(Vec<String>),
}

/// What opens a sealed copy.
#[derive(Clone, Default)]
pub struct Unseal {
    pub passphrase: Option<String>,
    /// Secret keys (`AGE-SECRET-KEY-1...`).
    pub keys: Vec<String>,
}

/// A file on its way out, sealed or not.
pub(super) enum Sealed<W: Write> {
    Open(W),
    Age(age::stream::StreamWriter<W>),
}

impl<W: Write> Write for Sealed<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Sealed::Open(out) => out.write(bytes),
            Sealed::Age(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Sealed::Open(out) => out.flush(),
            Sealed::Age(out) => out.flush(),
        }
    }
}

impl<W: Write> Sealed<W> {
    /// Writes the end; without it a sealed file does not open.
    pub fn finish(self) -> std::io::Result<W> {
        match self {
            Sealed::Open(out) => Ok(out),
            Sealed::Age(out) => out.finish(),
        }
    }
}

impl Seal {
    /// Seals what is written to `out`.
    pub(super) fn close<W: Write>(&self, out: W) -> Result<Sealed<W>> {
        let encryptor = match self {
            Seal::Open => return Ok(Sealed::Open(out)),
            Seal::Passphrase(words) => {
                let mut recipient = scrypt::Recipient::new(SecretString::from(words.clone()));
                recipient.set_work_factor(WORK);
                Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
            }
            Seal::Keys(keys) => {
                let keys = keys.iter().map(|key| public_key(key)).collect::<Result<Vec<_>>>()?;
                Encryptor::with_recipients(keys.iter().map(|key| key as &dyn age::Recipient))
            }
        };
        let encryptor = encryptor.context("sealing the copy")?;
        Ok(Sealed::Age(encryptor.wrap_output(out).context("sealing the copy")?))
    }
}

impl Unseal {
    /// Opens a file that begins as one of age's does.
    pub(super) fn open<'a>(&self, file: impl Read + 'a) -> Result<Box<dyn Read + 'a>> {
        let decryptor = Decryptor::new(file).context("opening the sealed copy")?;
        let mut all: Vec<Box<dyn age::Identity>> = Vec::new();
        if let Some(words) = &self.passphrase {
            let mut identity = scrypt::Identity::new(SecretString::from(words.clone()));
            identity.set_max_work_factor(MOST_WORK);
            all.push(Box::new(identity));
        }
        for key in &self.keys {
            let secret = x25519::Identity::from_str(key.trim());
            all.push(Box::new(secret.map_err(|_| anyhow::anyhow!("a key begins with AGE-SECRET-KEY-1"))?));
        }
        if all.is_empty() {
            bail!("the copy is sealed: give its passphrase (MEZAME_PASSPHRASE) or its key (--key FILE)");
        }
        match decryptor.decrypt(all.iter().map(AsRef::as_ref)) {
            Ok(open) => Ok(Box::new(open)),
            Err(
                DecryptError::NoMatchingKeys
                | DecryptError::DecryptionFailed
                | DecryptError::KeyDecryptionFailed,
            ) => {
                bail!("this passphrase or key does not open the copy")
            }
            Err(why) => Err(anyhow::Error::new(why).context("opening the sealed copy")),
        }
    }
}

/// The public key of these words.
pub(crate) fn public_key(key: &str) -> Result<x25519::Recipient> {
    x25519::Recipient::from_str(key.trim())
        .map_err(|_| anyhow::anyhow!("'{}' is no public key: it begins with age1", key.trim()))
}
