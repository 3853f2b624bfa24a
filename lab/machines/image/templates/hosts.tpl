127.0.0.1 localhost
127.0.1.1 {{ config_get("user.hostname", container.name) }}
