package dev.sameport.engine;

/// A network as `GET /networks/{id}` tells, as far as it matters here.
///
/// @param internal whether it was made `--internal`
public record Network(String id, String name, String driver, boolean internal) {
    static Network read(Json json) {
        return new Network(
                json.needText("Id"),
                json.needText("Name"),
                json.text("Driver"),
                json.flag("Internal"));
    }
}
