# Refusals of the server: one sentence for a person. The key is "error-" and the code; whoever makes a code writes it here.

error-unexpected = Something went wrong on our side. It has been recorded; please try again.
error-busy = The server cannot keep up right now. Try again in a few seconds.
error-not-ready = The server is not ready yet.
error-bad-request = The request could not be read.
error-conflict = Not possible now: things have changed.

error-not-signed-in = You need to sign in.
error-sign-in-refused = Login or password is wrong.
error-origin-refused = The request came from somebody else's page.
error-right-missing = You lack the right to do this: { $right }.
error-not-known = Not found.
error-method-not-allowed = There is no such action here.
error-join-code-not-known = This code does not work: check it or ask for a new one.
error-too-many-tries = Too many tries. Wait { $retry_after_s } s.
error-too-many-waiting = Too many are waiting for updates. Come back in { $retry_after_s } s.

error-body-too-large = The request is too large.
error-not-json = Only JSON in UTF-8 is taken.
error-input-refused = The data were not accepted: check the field named.
error-json-broken = The body is not JSON.
error-duplicate-key = A field is given twice.
error-too-deep = Nested too deeply.
error-number-not-finite = A number must be finite.
error-number-too-large = A number is too large.
error-text-broken = A text holds damaged characters.
error-text-forbidden-character = A text holds characters that are not allowed.
error-query-too-long = The address is too long.
error-unknown-parameter = Unknown parameter in the address.
error-repeated-parameter = A parameter is repeated in the address.

error-epoch-changed = The log was started anew: load it again.
error-after-beyond-head = The log has no such number yet.
error-operation-closed = The search is closed.
