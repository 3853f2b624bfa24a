/** What a client may see of the Docker API: whether it is there, which containers run, and how one is doing. */
const READABLE = String.raw`^(/v[0-9.]+)?/(_ping|version|containers/json|containers/[a-zA-Z0-9][a-zA-Z0-9_.-]*/json)$`;

/**
 * HAProxy's configuration in front of Docker's socket. The image's own, with all of its switches off but the one for
 * containers, also hands out `GET /containers/<any>/archive` and `…/attach/ws`: every file of every container, delivered
 * secrets included, and the terminal of each. So paths are named one by one, as they are written: one that is encoded,
 * or has `..` in it, is none of them.
 */
export function dockerApiFilter(): string {
  return `global
  log stdout format raw daemon info
  maxconn 64

defaults
  mode http
  log global
  option httplog
  option dontlognull
  timeout http-request 10s
  timeout connect 5s
  timeout client 30s
  timeout server 30s

frontend docker-api
  bind :2375
  http-request deny unless METH_GET
  http-request deny if { req.hdr(Upgrade) -m found }
  http-request deny unless { path -m reg ${READABLE} }
  default_backend docker

backend docker
  server socket /var/run/docker.sock
`;
}
