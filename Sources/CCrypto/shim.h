// SHA-256 of OpenSSL's libcrypto. Only Content imports this.
#include <openssl/sha.h>
