//! nginx as a proxy of the upstream, where it is installed.

use std::path::PathBuf;
use std::process::Command;

use crate::project;

use super::call::Call;
use super::subject::Subject;

/// Its version, where it is installed.
pub(crate) fn version() -> Option<String> {
    let output = Command::new(program()?).arg("-v").output().ok()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.rsplit('/')
        .next()
        .map(|version| version.trim().to_owned())
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Not every user's PATH has the folder of system programs.
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    folders
        .map(|folder| folder.join("nginx"))
        .find(|file| file.is_file())
}

/// A subject that passes everything through to `upstream`.
///
/// # Errors
/// When its files cannot be written.
pub(crate) fn subject(upstream: &str, call: Call) -> Result<Option<Subject>, String> {
    let Some(program) = program() else {
        return Ok(None);
    };
    let folder = project::target().join("bench/nginx");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let authority = upstream.trim_start_matches("http://").to_owned();
    Ok(Some(Subject::new("nginx", call, move |port| {
        let file = folder.join(format!("{port}.conf"));
        std::fs::write(&file, configuration(port, &authority))
            .map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
        let mut command = Command::new(&program);
        command.arg("-p").arg(&folder).arg("-c").arg(&file);
        command.args(["-e", "stderr"]);
        Ok(command)
    })))
}

/// One worker in the process that was started, no log, connections to the upstream kept.
fn configuration(port: u16, upstream: &str) -> String {
    format!(
        "daemon off;\nmaster_process off;\nworker_processes 1;\npid {port}.pid;\nerror_log /dev/null;\n\
         events {{ worker_connections 8192; }}\n\
         http {{\n  access_log off;\n  keepalive_requests 100000000;\n\
         client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;\n\
         upstream bench {{ server {upstream}; keepalive 1024; keepalive_requests 100000000; }}\n\
         server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://bench; proxy_http_version 1.1; \
         proxy_set_header Connection \"\"; proxy_buffering on; }} }}\n}}\n"
    )
}
