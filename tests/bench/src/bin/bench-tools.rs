//! The MCP server that somebody would write by hand: rmcp's macros, reqwest to the upstream.
//!
//! The third argument says how it is set up. `default` is what rmcp does of itself: sessions and event streams for
//! clients before 2026-07-28. `lean` is the least that rmcp can do: no sessions, answers as plain JSON.

use std::error::Error;
use std::sync::Arc;

use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use naftiko_bench::{own_address, upstream};
use rmcp::handler::server::{router::tool::ToolRouter, wrapper::Parameters};
use rmcp::model::{CallToolResult, ServerCapabilities, ServerConfig};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ErrorData, ServerHandler, schemars, tool, tool_handler, tool_router};
use tokio::net::TcpListener;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Clone, Debug)]
struct Shop {
    client: reqwest::Client,
    base: Arc<str>,
    tool_router: ToolRouter<Self>,
}

#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
struct GetItem {
    /// Which item
    id: String,
}

#[tool_router]
impl Shop {
    fn new(client: reqwest::Client, base: &str) -> Self {
        Self {
            client,
            base: base.into(),
            tool_router: Self::tool_router(),
        }
    }

    #[tool(name = "get-item", description = "Get one item")]
    async fn get_item(
        &self,
        Parameters(GetItem { id }): Parameters<GetItem>,
    ) -> Result<CallToolResult, ErrorData> {
        let told = |error: reqwest::Error| ErrorData::internal_error(error.to_string(), None);
        let url = format!("{}/items/{id}", self.base);
        let response = self.client.get(url).send().await.map_err(told)?;
        let item: serde_json::Value = response.json().await.map_err(told)?;
        Ok(CallToolResult::structured(item))
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Shop {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let shop = Shop::new(reqwest::Client::new(), &upstream()?);
    let mut config = StreamableHttpServerConfig::default();
    match std::env::args().nth(3).as_deref() {
        Some("default") => {}
        Some("lean") => {
            config = config
                .with_legacy_session_mode(false)
                .with_json_response(true);
        }
        _ => return Err("the third argument is `default` or `lean`".into()),
    }
    let sessions = Arc::new(LocalSessionManager::default());
    let service = StreamableHttpService::new(move || Ok(shop.clone()), sessions, config);
    let listener = TcpListener::bind(own_address()?).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let service = TowerToHyperService::new(service.clone());
        tokio::spawn(async move {
            let server = hyper::server::conn::http1::Builder::new();
            // The other side went away; there is nobody to tell.
            let _ = server.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
