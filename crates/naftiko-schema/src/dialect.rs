//! The eleven dialects, in order of release, and what each of them changed.
//!
//! The order is the declaration order, so that a section says `d >= Dialect::Alpha2` and means "since".
//! The methods below `deltas` name the changes that several sections share; a change that only one section knows stands
//! in that section.

use std::fmt;

/// One published version of the language, under the root key it was published with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// `naftiko: "0.4"`
    V0_4,
    /// `naftiko: "0.5"`
    V0_5,
    /// `naftiko: "1.0.0-alpha1"`
    Alpha1,
    /// `naftiko: "1.0.0-alpha2"`
    Alpha2,
    /// `ikanos: "1.0.0-alpha3"`
    Alpha3,
    /// `ikanos: "1.0.0-alpha4"`
    Alpha4,
    /// `ikanos: "1.0.0-beta1"`
    Beta1,
    /// `ikanos: "1.0.0-beta2"`
    Beta2,
    /// `ikanos: "1.0.0-beta3"`
    Beta3,
    /// `ikanos: "1.0.0-beta4"`
    Beta4,
    /// `ikanos: "1.0.0-beta5"`
    Beta5,
}

impl Dialect {
    /// Every dialect, oldest first.
    pub const ALL: [Dialect; 11] = [
        Dialect::V0_4,
        Dialect::V0_5,
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

    /// The dialect that a document declares with `key: version` at its root, if there is such a one.
    pub fn from_root(key: &str, version: &str) -> Option<Dialect> {
        Self::ALL
            .into_iter()
            .find(|d| d.root_key() == key && d.version() == version)
    }

    /// The root key that carries the version: `naftiko` or, since 1.0.0-alpha3, `ikanos`.
    pub fn root_key(self) -> &'static str {
        if self >= Dialect::Alpha3 {
            "ikanos"
        } else {
            "naftiko"
        }
    }

    /// The version as a document writes it.
    pub fn version(self) -> &'static str {
        match self {
            Dialect::V0_4 => "0.4",
            Dialect::V0_5 => "0.5",
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
}

/// Deltas that several sections share.
impl Dialect {
    /// 1.0.0-alpha3 turned every list of named entries into a map by name.
    pub(crate) fn keyed(self) -> bool {
        self >= Dialect::Alpha3
    }

    /// What an entity is called for people: 1.0.0-alpha3 renamed `label`.
    pub(crate) fn label(self) -> &'static str {
        if self >= Dialect::Alpha3 {
            "display"
        } else {
            "label"
        }
    }

    /// 1.0.0-alpha1 replaced `externalRefs` by `binds`.
    pub(crate) fn has_binds(self) -> bool {
        self >= Dialect::Alpha1
    }

    /// 1.0.0-alpha2 brought aggregates and `ref` to them, mocks with values, and static outputs as `value`.
    pub(crate) fn has_aggregates(self) -> bool {
        self >= Dialect::Alpha2
    }

    /// 1.0.0-alpha3 lets every section import, and stand alone in a file.
    pub(crate) fn imports_everywhere(self) -> bool {
        self >= Dialect::Alpha3
    }

    /// 1.0.0-beta1 brought binary payloads and their sizes.
    pub(crate) fn has_binary(self) -> bool {
        self >= Dialect::Beta1
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.version())
    }
}
