//! The library's requests, answered by a [`Server`].
#![expect(
    deprecated,
    reason = "logging is deprecated in 2026-07-28 and expected before"
)]

use std::sync::Arc;

use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult,
    CompletionInfo, CustomRequest, CustomResult, DiscoverResult, ErrorCode, GetPromptRequestParams,
    GetPromptResponse, GetPromptResult, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, MetaObject, PaginatedRequestParams, ProtocolVersion,
    ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, Reference, ServerConfig,
    SetLevelRequestParams, SubscribeRequestParams, Tool as RmcpTool, UnsubscribeRequestParams,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::json;

use super::about::about;
use super::convert;
use super::splice::Slot;
use crate::page::page;
use crate::resources::Unread;
use crate::server::{Era, Server};

/// Methods that the library knows: where one of them comes as an unknown request, its parameters are malformed.
const KNOWN: [&str; 15] = [
    "initialize",
    "ping",
    "server/discover",
    "completion/complete",
    "logging/setLevel",
    "prompts/get",
    "prompts/list",
    "resources/list",
    "resources/templates/list",
    "resources/read",
    "resources/subscribe",
    "resources/unsubscribe",
    "tools/call",
    "tools/list",
    "subscriptions/listen",
];

/// Methods that 2026-07-28 has no more.
const REMOVED: [&str; 5] = [
    "initialize",
    "ping",
    "logging/setLevel",
    "resources/subscribe",
    "resources/unsubscribe",
];

/// Answers requests.
///
/// What waits for the engine is in a box: the library moves what its tasks hold several times for each message, and its
/// tasks are as large as the largest of these methods.
pub(super) struct Handler {
    server: Arc<Server>,
    about: ServerConfig,
    /// The lists of tools, built once.
    legacy_tools: Vec<RmcpTool>,
    modern_tools: Vec<RmcpTool>,
    /// What the library looks up to check headers: schemas without anything that is long to copy.
    schemas: Vec<RmcpTool>,
    meta: MetaObject,
}

type Context = RequestContext<RoleServer>;

impl Handler {
    pub(super) fn new(server: Arc<Server>) -> Self {
        let about = about(&server);
        let tools = |era| {
            let tools = server.tools.list.iter();
            tools.map(|tool| convert::tool(tool, era)).collect()
        };
        let named = serde_json::to_value(&about.server_info).unwrap_or_default();
        Self {
            legacy_tools: tools(Era::Legacy),
            modern_tools: tools(Era::Modern),
            schemas: server.tools.list.iter().map(convert::schema).collect(),
            meta: convert::server_info(named),
            about,
            server,
        }
    }

    fn meta(&self, era: Era) -> Option<MetaObject> {
        (era == Era::Modern).then(|| self.meta.clone())
    }

    fn ttl(&self, era: Era) -> Option<u64> {
        (era == Era::Modern).then_some(self.server.ttl_ms)
    }

    fn scope(&self, era: Era) -> Option<CacheScope> {
        (era == Era::Modern).then_some(if self.server.shared_cache {
            CacheScope::Public
        } else {
            CacheScope::Private
        })
    }

    /// What is not announced is not answered.
    fn offers_resources(&self, method: &str) -> Result<(), ErrorData> {
        match &self.about.capabilities.resources {
            Some(_) => Ok(()),
            None => Err(not_found(method)),
        }
    }

    fn offers_prompts(&self, method: &str) -> Result<(), ErrorData> {
        match &self.about.capabilities.prompts {
            Some(_) => Ok(()),
            None => Err(not_found(method)),
        }
    }

    /// A page of a list, as `(items, next cursor)`.
    fn page<T: Clone>(
        all: &[T],
        request: Option<PaginatedRequestParams>,
    ) -> Result<(Vec<T>, Option<String>), ErrorData> {
        let cursor = request.and_then(|request| request.cursor);
        let page = page(all, cursor.as_deref()).ok_or_else(|| {
            ErrorData::invalid_params("the cursor is not one of this server", None)
        })?;
        Ok((page.items, page.next))
    }
}

fn era(context: &Context) -> Era {
    let modern = |version: ProtocolVersion| version >= ProtocolVersion::V_2026_07_28;
    if context.protocol_version().is_some_and(modern) {
        Era::Modern
    } else {
        Era::Legacy
    }
}

/// Where a result leaves what need not go through the library.
fn slot(context: &Context) -> Option<&Slot> {
    let request = context.extensions.get::<http::request::Parts>()?;
    request.extensions.get()
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        self.about.clone()
    }

    async fn discover(&self, _context: Context) -> Result<DiscoverResult, ErrorData> {
        let mut about = self.about.clone();
        about.capabilities.logging = None;
        if let Some(resources) = &mut about.capabilities.resources {
            resources.subscribe = None;
        }
        let versions = self.supported_protocol_versions().into_owned();
        let mut result = DiscoverResult::from_server_info(versions, about);
        result.ttl_ms = self.server.ttl_ms;
        result.cache_scope = self.scope(Era::Modern).unwrap_or(CacheScope::Private);
        Ok(result)
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListToolsResult, ErrorData> {
        let era = era(&context);
        let all = match era {
            Era::Legacy => &self.legacy_tools,
            Era::Modern => &self.modern_tools,
        };
        let (tools, next) = Self::page(all, request)?;
        let mut result = ListToolsResult::with_all_items(tools);
        result.next_cursor = next;
        result.ttl_ms = self.ttl(era);
        result.cache_scope = self.scope(era);
        result.meta = self.meta(era);
        Ok(result)
    }

    fn get_tool(&self, name: &str) -> Option<RmcpTool> {
        let at = self.server.tools.position(name)?;
        self.schemas.get(at).cloned()
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: Context,
    ) -> Result<CallToolResponse, ErrorData> {
        let era = era(&context);
        let tools = &self.server.tools;
        let Some(tool) = tools.find(&request.name) else {
            return Err(ErrorData::invalid_params(
                tools.unknown(&request.name),
                None,
            ));
        };
        let arguments = request.arguments.unwrap_or_default();
        // Dropping the call closes its upstream connection.
        tokio::select! {
            biased;
            () = context.ct.cancelled() => Err(cancelled()),
            mut result = Box::pin(tool.call(&self.server, arguments, era)) => {
                if let Some(slot) = slot(&context) {
                    slot.take(&mut result);
                }
                Ok(convert::tool_result(result, self.meta(era)).into())
            }
        }
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListResourcesResult, ErrorData> {
        let era = era(&context);
        self.offers_resources("resources/list")?;
        let (page, next) = Self::page(&Box::pin(self.server.resources.list()).await, request)?;
        let resources = page.into_iter().map(convert::resource).collect();
        let mut result = ListResourcesResult::with_all_items(resources);
        result.next_cursor = next;
        result.ttl_ms = self.ttl(era);
        result.cache_scope = self.scope(era);
        result.meta = self.meta(era);
        Ok(result)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let era = era(&context);
        self.offers_resources("resources/templates/list")?;
        let (page, next) = Self::page(&self.server.resources.templates(), request)?;
        let templates = page.into_iter().map(convert::template).collect();
        let mut result = ListResourceTemplatesResult::with_all_items(templates);
        result.next_cursor = next;
        result.ttl_ms = self.ttl(era);
        result.cache_scope = self.scope(era);
        result.meta = self.meta(era);
        Ok(result)
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: Context,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let era = era(&context);
        self.offers_resources("resources/read")?;
        let uri = request.uri;
        let read = tokio::select! {
            biased;
            () = context.ct.cancelled() => return Err(cancelled()),
            read = Box::pin(self.server.resources.read(&self.server, &uri)) => read,
        };
        let resource = read.map_err(|why| match why {
            Unread::NotFound => ErrorData::resource_not_found(
                "there is no such resource",
                Some(json!({"uri": uri})),
            ),
            Unread::Invalid(why) => ErrorData::invalid_params(why, Some(json!({"uri": uri}))),
            Unread::Failed(why) => ErrorData::internal_error(why, Some(json!({"uri": uri}))),
        })?;
        let mut result = ReadResourceResult::new(vec![convert::contents(resource)]);
        result.ttl_ms = self.ttl(era);
        result.cache_scope = self.scope(era);
        result.meta = self.meta(era);
        Ok(result.into())
    }

    async fn subscribe(
        &self,
        _request: SubscribeRequestParams,
        _context: Context,
    ) -> Result<(), ErrorData> {
        // Nothing that this server reads announces a change, so that there is nothing to send.
        self.offers_resources("resources/subscribe")
    }

    async fn unsubscribe(
        &self,
        _request: UnsubscribeRequestParams,
        _context: Context,
    ) -> Result<(), ErrorData> {
        self.offers_resources("resources/unsubscribe")
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListPromptsResult, ErrorData> {
        let era = era(&context);
        self.offers_prompts("prompts/list")?;
        let all: Vec<_> = self
            .server
            .prompts
            .list
            .iter()
            .map(convert::prompt)
            .collect();
        let (prompts, next) = Self::page(&all, request)?;
        let mut result = ListPromptsResult::with_all_items(prompts);
        result.next_cursor = next;
        result.ttl_ms = self.ttl(era);
        result.cache_scope = self.scope(era);
        result.meta = self.meta(era);
        Ok(result)
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: Context,
    ) -> Result<GetPromptResponse, ErrorData> {
        let era = era(&context);
        self.offers_prompts("prompts/get")?;
        let prompts = &self.server.prompts;
        let prompt = prompts
            .find(&request.name)
            .ok_or_else(|| ErrorData::invalid_params(prompts.unknown(&request.name), None))?;
        let said = tokio::select! {
            biased;
            () = context.ct.cancelled() => return Err(cancelled()),
            said = Box::pin(prompt.get(&self.server, request.arguments.unwrap_or_default())) => said,
        };
        let said = said.map_err(|why| ErrorData::invalid_params(why, None))?;
        let mut result = GetPromptResult::new(said.into_iter().map(convert::message).collect());
        result.description.clone_from(&prompt.description);
        result.meta = self.meta(era);
        Ok(result.into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: Context,
    ) -> Result<CompleteResult, ErrorData> {
        if self.about.capabilities.completions.is_none() {
            return Err(not_found("completion/complete"));
        }
        let name = request.argument.name.as_str();
        let found = match &request.r#ref {
            Reference::Prompt(prompt) => {
                let prompt = self.server.prompts.find(&prompt.name);
                let mut arguments = prompt.iter().flat_map(|prompt| &prompt.arguments);
                arguments
                    .find(|argument| argument.name == name)
                    .map(|argument| argument.allowed.clone())
            }
            Reference::Resource(resource) => {
                let plan = self.server.engine.plan();
                self.server.resources.allowed(plan, &resource.uri, name)
            }
            _ => None,
        };
        let allowed = found.ok_or_else(|| {
            ErrorData::invalid_params(
                "there is no such prompt, resource template or argument",
                None,
            )
        })?;
        let wanted = request.argument.value.to_lowercase();
        let mut values: Vec<String> = allowed
            .into_iter()
            .filter(|value| value.to_lowercase().starts_with(&wanted))
            .collect();
        let total = values.len();
        values.truncate(CompletionInfo::MAX_VALUES);
        let more = total > values.len();
        let mut completion =
            CompletionInfo::new(values).map_err(|why| ErrorData::internal_error(why, None))?;
        completion.total = u32::try_from(total).ok();
        completion.has_more = Some(more);
        let mut result = CompleteResult::new(completion);
        result.meta = self.meta(era(&context));
        Ok(result)
    }

    async fn set_level(
        &self,
        _request: SetLevelRequestParams,
        context: Context,
    ) -> Result<(), ErrorData> {
        match era(&context) {
            // This server sends no log messages, whatever the level.
            Era::Legacy => Ok(()),
            Era::Modern => Err(not_found("logging/setLevel")),
        }
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: Context,
    ) -> Result<CustomResult, ErrorData> {
        let method = request.method.as_str();
        let gone = era(&context) == Era::Modern && REMOVED.contains(&method);
        if KNOWN.contains(&method) && !gone {
            let why = format!("the params of `{method}` are not what the method takes");
            return Err(ErrorData::invalid_params(why, None));
        }
        Err(not_found(method))
    }
}

fn not_found(method: &str) -> ErrorData {
    let shown: String = method.chars().take(80).collect();
    let text = format!("there is no method `{}`", shown.escape_debug());
    ErrorData::new(ErrorCode::METHOD_NOT_FOUND, text, None)
}

fn cancelled() -> ErrorData {
    ErrorData::internal_error("the request was cancelled", None)
}
