/** Variables by which programs are told to believe whoever answers, and the values that do. */
const VARIABLES: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [/^GIT_SSL_NO_VERIFY$/, /^(1|true|yes|on)$/i],
  [/^NODE_TLS_REJECT_UNAUTHORIZED$/, /^0$/],
  [/^PYTHONHTTPSVERIFY$/, /^0$/],
  [/^(NPM_CONFIG_STRICT_SSL|npm_config_strict_ssl)$/, /^(false|0)$/i],
  [/^PIP_TRUSTED_HOST$/, /./],
  [/^(GOINSECURE|GONOSUMDB|GONOSUMCHECK)$/, /./],
  [/^GOFLAGS$/, /-insecure/],
  [/^(GOSUMDB)$/, /^off$/],
  [/^(VAULT_SKIP_VERIFY|CONSUL_HTTP_SSL_VERIFY_OFF|HELM_INSECURE|SSL_VERIFY_NONE)$/, /^(1|true)$/i],
  [/^PERL_LWP_SSL_VERIFY_HOSTNAME$/, /^0$/],
];

/** Whether a variable has a program look at no certificate or signature. */
export function believesAnybody(name: string, value: string): boolean {
  return VARIABLES.some(([known, says]) => known.test(name) && says.test(value.trim()));
}
