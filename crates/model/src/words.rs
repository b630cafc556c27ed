//! One list per enum: its word for machines, its Japanese, its English.

macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal, $ja:literal, $en:literal;)+ }) => {
        impl $name {
            /// Every value, in the order in which people read them.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The word in JSON, SQL and segments.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
            /// As written on a Japanese page.
            pub const fn ja(self) -> &'static str {
                match self { $($name::$variant => $ja),+ }
            }
            /// As written on an English page.
            pub const fn en(self) -> &'static str {
                match self { $($name::$variant => $en),+ }
            }
            /// The value of a word, as `word` writes it.
            pub fn from_word(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|v| v.word() == word)
            }
            /// A small number that columns and tables store.
            pub const fn code(self) -> u8 {
                self as u8
            }
            /// The value of a number, as `code` gives it.
            pub fn from_code(code: u8) -> Option<$name> {
                $name::ALL.iter().copied().find(|v| v.code() == code)
            }
        }
    };
}
pub(crate) use words;
