/** Where the pages lie in the container. */
export const PAGES = "/srv/site";

/**
 * Nginx's configuration, loaded inside `http { }`. What begins with a dot is nobody's business; a link out of the folder
 * leads nowhere.
 */
export function staticServer(): string {
  return `server_tokens off;
access_log off;

add_header X-Content-Type-Options nosniff always;
add_header X-Frame-Options DENY always;
add_header Referrer-Policy strict-origin-when-cross-origin always;
add_header Permissions-Policy "camera=(), geolocation=(), microphone=()" always;
add_header Content-Security-Policy "default-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'" always;

server {
  listen 8080 default_server;
  server_name _;
  root ${PAGES};
  index index.html;
  disable_symlinks on from=$document_root;
  client_max_body_size 1k;
  charset utf-8;
  etag on;
  expires 5m;

  location = /healthz {
    default_type text/plain;
    return 200 "ok\\n";
  }

  location ~ /\\. {
    return 404;
  }

  location / {
    limit_except GET {
      deny all;
    }
    try_files $uri $uri/ $uri.html =404;
  }
}
`;
}
