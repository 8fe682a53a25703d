import { PskDeriver } from "../src/ap/psk-deriver.ts";
import { PskTables } from "../src/ap/psk-tables.ts";
import { derivePskNow } from "../src/crypto/psk.ts";

/** Keys are there as soon as somebody asks for them: virtual time doesn't wait for a thread. */
export const pskTablesAtOnce = (): PskTables =>
  new PskTables(new PskDeriver((passphrase, ssid, done) => done(derivePskNow(passphrase, ssid)), 1));
