//! The sections of a document: one module each, whose `define` adds the definitions of one dialect.

pub(crate) mod root;

mod aggregates;
mod auth;
mod binds;
mod body;
mod consumes;
mod control;
mod info;
mod mcp;
mod outputs;
mod rest;
mod skill;
mod steps;
mod units;

use crate::build::Defs;
use crate::dialect::Dialect;

/// All definitions that the dialect uses.
fn definitions(d: Dialect) -> Defs {
    let mut defs = Defs::default();
    root::define(d, &mut defs);
    info::define(d, &mut defs);
    binds::define(d, &mut defs);
    consumes::define(d, &mut defs);
    auth::define(d, &mut defs);
    body::define(d, &mut defs);
    rest::define(d, &mut defs);
    mcp::define(d, &mut defs);
    skill::define(d, &mut defs);
    control::define(d, &mut defs);
    outputs::define(d, &mut defs);
    steps::define(d, &mut defs);
    aggregates::define(d, &mut defs);
    defs
}
