//! Which definition of ours restates which of the published ones.

use serde_json::{Value, json};

/// Ours, and the names that it was published under.
pub(crate) const PAIRS: [(&str, &[&str]); 44] = [
    ("info", &["Info"]),
    ("person", &["Person"]),
    ("externalRef", &["ExternalRef"]),
    ("binding", &["Binding"]),
    ("import", &["ImportedConsumesHttp", "ImportEntry"]),
    ("capability", &["Capability"]),
    ("consumedApi", &["ConsumesHttp"]),
    ("consumedResource", &["ConsumedHttpResource"]),
    ("consumedOperation", &["ConsumedHttpOperation"]),
    ("consumedInput", &["ConsumedInputParameter"]),
    ("consumedOutput", &["ConsumedOutputParameter"]),
    ("tunnel", &["TunnelConfig"]),
    ("authentication", &["Authentication"]),
    ("requestBody", &["RequestBody"]),
    ("restAdapter", &["ExposesRest", "ExposesApi"]),
    ("restResource", &["ExposedResource"]),
    ("restOperation", &["ExposedOperation"]),
    ("restInput", &["ExposedInputParameter"]),
    ("forward", &["ForwardConfig"]),
    ("mcpAdapter", &["ExposesMcp"]),
    ("mcpTool", &["McpTool"]),
    ("input", &["McpToolInputParameter"]),
    ("mcpHints", &["McpToolHints"]),
    ("mcpResource", &["McpResource"]),
    ("mcpPrompt", &["McpPrompt"]),
    ("promptArgument", &["McpPromptArgument"]),
    ("promptMessage", &["McpPromptMessage"]),
    ("skillAdapter", &["ExposesSkill"]),
    ("skill", &["ExposedSkill"]),
    ("skillTool", &["SkillTool"]),
    ("controlAdapter", &["ExposesControl"]),
    ("management", &["ControlManagementSpec"]),
    ("scripting", &["ScriptingManagementSpec"]),
    ("observability", &["ObservabilitySpec"]),
    ("mappedOutput", &["MappedOutputParameter"]),
    ("stepOutput", &["OrchestratedOutputParameter"]),
    ("mockOutput", &["MockOutputParameter"]),
    ("step", &["OperationStep"]),
    ("stepMapping", &["StepOutputMapping"]),
    ("with", &["WithInjector"]),
    ("aggregate", &["Aggregate"]),
    ("flow", &["AggregateFunction", "AggregateFlow"]),
    ("semantics", &["Semantics"]),
    ("logs", &["ControlLogsEndpointSpec"]),
];

/// A schema of one definition alone, if the dialect has it.
pub(crate) fn alone(schema: &Value, names: &[&str]) -> Option<Value> {
    let defs = &schema["$defs"];
    let name = names.iter().find(|name| defs.get(**name).is_some())?;
    Some(json!({ "$ref": format!("#/$defs/{name}"), "$defs": defs }))
}
