/** Whether the value of an environment variable of this name is a secret: it is never shown, and recorded by its digest only. */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name);

const SECRET_NAME =
  /PASS(?:WORD|WD|PHRASE)?(?:_|$)|SECRET|TOKEN|CREDENTIAL|(?:^|_)(?:API|PRIVATE|ACCESS|AUTH)_?KEY|_PWD$/i;
