instance-id: {{ config_get("user.instance-id", container.name) }}
local-hostname: {{ config_get("user.hostname", container.name) }}
{{ config_get("user.meta-data", "") }}
