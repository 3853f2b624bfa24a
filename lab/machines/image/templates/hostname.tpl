{{ config_get("user.hostname", container.name) }}
