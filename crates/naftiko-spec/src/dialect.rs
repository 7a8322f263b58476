//! The versions of the specification.

use std::fmt;

use naftiko_diagnostics::{Diagnostics, Spanned, codes, did_you_mean};

/// A version of the specification that a document can declare (specification, "Root object").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    /// `naftiko: "0.4"`.
    Naftiko04,
    /// `naftiko: "0.5"`.
    Naftiko05,
    /// `naftiko: "1.0.0-alpha1"`.
    Alpha1,
    /// `naftiko: "1.0.0-alpha2"`.
    Alpha2,
    /// `ikanos: "1.0.0-alpha3"`.
    Alpha3,
    /// `ikanos: "1.0.0-alpha4"`.
    Alpha4,
    /// `ikanos: "1.0.0-beta1"`.
    Beta1,
    /// `ikanos: "1.0.0-beta2"`.
    Beta2,
    /// `ikanos: "1.0.0-beta3"`.
    Beta3,
    /// `ikanos: "1.0.0-beta4"`.
    Beta4,
    /// `ikanos: "1.0.0-beta5"`.
    Beta5,
}

/// The root key that a dialect is declared under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// `naftiko`: lists of named entries, `label`, `location`.
    Naftiko,
    /// `ikanos`: keyed maps, `display`, `from`.
    Ikanos,
}

impl Family {
    /// The root key.
    pub fn root_key(self) -> &'static str {
        match self {
            Family::Naftiko => "naftiko",
            Family::Ikanos => "ikanos",
        }
    }

    fn newest(self) -> Dialect {
        match self {
            Family::Naftiko => Dialect::Alpha2,
            Family::Ikanos => Dialect::Beta5,
        }
    }
}

impl Dialect {
    /// All dialects, oldest first.
    pub const ALL: [Dialect; 11] = [
        Dialect::Naftiko04,
        Dialect::Naftiko05,
        Dialect::Alpha1,
        Dialect::Alpha2,
        Dialect::Alpha3,
        Dialect::Alpha4,
        Dialect::Beta1,
        Dialect::Beta2,
        Dialect::Beta3,
        Dialect::Beta4,
        Dialect::Beta5,
    ];

    /// The version text.
    pub fn version(self) -> &'static str {
        match self {
            Dialect::Naftiko04 => "0.4",
            Dialect::Naftiko05 => "0.5",
            Dialect::Alpha1 => "1.0.0-alpha1",
            Dialect::Alpha2 => "1.0.0-alpha2",
            Dialect::Alpha3 => "1.0.0-alpha3",
            Dialect::Alpha4 => "1.0.0-alpha4",
            Dialect::Beta1 => "1.0.0-beta1",
            Dialect::Beta2 => "1.0.0-beta2",
            Dialect::Beta3 => "1.0.0-beta3",
            Dialect::Beta4 => "1.0.0-beta4",
            Dialect::Beta5 => "1.0.0-beta5",
        }
    }

    /// The root key of its family.
    pub fn family(self) -> Family {
        if self <= Dialect::Alpha2 {
            Family::Naftiko
        } else {
            Family::Ikanos
        }
    }

    /// The dialect that `version` under `family`'s root key declares. An unknown version is a warning and is read as
    /// the nearest known one of the family.
    pub fn of(family: Family, version: &Spanned<String>, out: &mut Diagnostics) -> Dialect {
        let known: Vec<Dialect> = Self::ALL
            .into_iter()
            .filter(|dialect| dialect.family() == family)
            .collect();
        if let Some(dialect) = known
            .iter()
            .find(|dialect| dialect.version() == version.value)
        {
            return *dialect;
        }
        let elsewhere = Self::ALL
            .into_iter()
            .find(|dialect| dialect.version() == version.value);
        let nearest = did_you_mean(
            &version.value,
            known.iter().map(|dialect| dialect.version()),
        )
        .and_then(|text| {
            known
                .iter()
                .find(|dialect| dialect.version() == text)
                .copied()
        })
        .unwrap_or_else(|| family.newest());
        out.push(codes::unknown_version::new(
            version,
            family.root_key(),
            known.iter().map(|dialect| dialect.version()),
            nearest.version(),
            elsewhere.map(|dialect| dialect.family().root_key()),
        ));
        elsewhere.unwrap_or(nearest)
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.family().root_key(), self.version())
    }
}
