//! Where servers listen: what the document says and what the operator says.

use naftiko::Loaded;
use naftiko::plan::{ExposurePlan, Transport};
use naftiko_host::ListenAddress;

use crate::args::LOOPBACK;
use crate::exit::Exit;
use crate::output;
use crate::targets::ListenOption;

/// Refuses `--listen` options that name nothing, or give one port to several servers.
pub(crate) fn check_listen(loaded: &[&Loaded], options: &[ListenOption]) -> Result<(), Exit> {
    let exposures: Vec<(&str, &ExposurePlan)> = loaded
        .iter()
        .flat_map(|loaded| {
            let exposures = loaded.plan.iter().flat_map(|plan| &plan.exposures);
            exposures.map(|exposure| (loaded.name.as_str(), exposure))
        })
        .filter(|(_, exposure)| exposure.transport == Transport::Http)
        .collect();
    for option in options {
        let count = exposures
            .iter()
            .filter(|(name, exposure)| means(option, name, exposure))
            .count();
        if count == 0 {
            let names = exposures.iter().map(|(_, exposure)| exposure.label());
            let target = option
                .target
                .as_ref()
                .map_or("", |target| target.namespace.as_str());
            output::fail(&format!(
                "--listen names `{target}`, but what is exposed here is {}",
                naftiko::diagnostics::list(names)
            ));
            return Err(Exit::Usage);
        }
        if count > 1 && option.port.is_some_and(|port| port != 0) {
            let several = loaded.len() > 1;
            let names: Vec<String> = exposures
                .iter()
                .filter(|(name, exposure)| means(option, name, exposure))
                .map(|(name, exposure)| {
                    if several {
                        format!("{name}/{}", exposure.label())
                    } else {
                        exposure.label().to_owned()
                    }
                })
                .collect();
            output::fail(&format!(
                "--listen gives one port to {count} servers; name one of {} before `=`",
                naftiko::diagnostics::list(names.iter().map(String::as_str))
            ));
            return Err(Exit::Usage);
        }
    }
    Ok(())
}

/// Refuses a `--stdio` that names nothing.
pub(crate) fn check_stdio(loaded: &[&Loaded], wanted: Option<&str>) -> Result<(), Exit> {
    let Some(wanted) = wanted else { return Ok(()) };
    let exposures = || {
        let plans = loaded.iter().filter_map(|loaded| loaded.plan.as_ref());
        plans
            .flat_map(|plan| &plan.exposures)
            .map(ExposurePlan::label)
    };
    if exposures().any(|label| label == wanted) {
        return Ok(());
    }
    let names = naftiko::diagnostics::list(exposures());
    output::fail(&format!(
        "--stdio names `{wanted}`, but what is exposed here is {names}"
    ));
    Err(Exit::Usage)
}

fn means(option: &ListenOption, capability: &str, exposure: &ExposurePlan) -> bool {
    option
        .target
        .as_ref()
        .is_none_or(|target| target.is(capability, exposure.label()))
}

/// Where an exposure listens: as the last option that means it says, else as the document says, else on loopback.
pub(crate) fn address(
    capability: &str,
    exposure: &ExposurePlan,
    options: &[ListenOption],
) -> ListenAddress {
    let own = exposure
        .address
        .clone()
        .unwrap_or_else(|| LOOPBACK.to_string());
    let port = exposure.port.unwrap_or(0);
    let named =
        |option: &&ListenOption| option.target.is_some() && means(option, capability, exposure);
    let option = options.iter().rev().find(named);
    match option.or_else(|| options.iter().rev().find(|option| option.target.is_none())) {
        Some(option) => ListenAddress::new(option.address.clone(), option.port.unwrap_or(port)),
        None => ListenAddress::new(own, port),
    }
}
