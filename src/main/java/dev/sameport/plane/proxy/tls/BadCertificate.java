package dev.sameport.plane.proxy.tls;

import dev.sameport.model.Problem;

/// Says why a certificate or its key can't be used.
final class BadCertificate extends Exception {
    private static final long serialVersionUID = 1;

    private final String what;
    private final String fix;

    BadCertificate(String what, String fix) {
        super(what);
        this.what = what;
        this.fix = fix;
    }

    Problem problem(CertificateFiles files) {
        return new Problem("certificate " + files.certificate(), what, fix);
    }
}
