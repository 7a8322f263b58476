//! x
#![allow(clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing)]
use std::collections::BTreeMap;
fn main(){
 let mut h:BTreeMap<String,(usize,String)>=BTreeMap::new(); let mut max=(0u128,String::new());
 for f in std::env::args().skip(1){
  let Ok(v)=serde_yaml::from_str::<serde_json::Value>(&std::fs::read_to_string(&f).unwrap()) else {continue};
  let d=["naftiko","ikanos"].iter().find_map(|k| naftiko_schema::Dialect::from_root(k, v.get(k)?.as_str()?));
  let Some(d)=d else {println!("no dialect {f}");continue};
  let t=std::time::Instant::now();
  let devs=naftiko_schema::deviations(d,&v);
  let e=t.elapsed().as_micros(); if e>max.0 {max=(e,f.clone());}
  for x in devs {
   let m=format!("{} || {:?}",x.message,x.help); let e=h.entry(m).or_default(); e.0+=1; e.1=format!("{f} {:?}",x.path.iter().map(|s| match s {naftiko_schema::Segment::Key(k)=>k.clone(),naftiko_schema::Segment::Index(i)=>i.to_string()}).collect::<Vec<_>>().join("/"));
  }
 }
 let mut v:Vec<_>=h.into_iter().collect(); v.sort_by_key(|x|std::cmp::Reverse(x.1.0));
 for (m,(n,p)) in v { println!("{n:6} {m}   @ {p}"); }
 println!("{max:?}");
}
