//! The kind `rest`.

use std::sync::Arc;

use naftiko_expose::{BuildError, Exposer, ExposerKind, ExposureContext};
use naftiko_plan::DecodedExposure;
use naftiko_spec::{Context, Exposure};

use crate::decode::{RestSettings, decode};
use crate::service::Server;

/// Serves operations as HTTP resources: `type: rest`.
#[derive(Clone, Copy, Debug, Default)]
pub struct RestExposer;

impl ExposerKind for RestExposer {
    fn kind(&self) -> &'static str {
        "rest"
    }

    fn decode(&self, exposure: &Exposure, cx: &mut Context<'_>) -> DecodedExposure {
        decode(exposure, cx)
    }

    fn build(&self, context: &ExposureContext) -> Result<Exposer, BuildError> {
        let plan = context.plan()?;
        let settings = Arc::clone(&plan.settings)
            .downcast::<RestSettings>()
            .map_err(|_| BuildError(String::from("the exposure was decoded by another kind")))?;
        let server = Server::new(context, plan, &settings);
        Ok(Exposer::Http(Arc::new(server).into_service()))
    }
}
