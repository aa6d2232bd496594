package dev.sameport.cli;

import dev.sameport.admin.AdminClient;
import dev.sameport.admin.Form;
import dev.sameport.admin.MemberGrammar;
import dev.sameport.config.SameportLabels;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        header =
                "Shares a port among containers that already run, or plain addresses. Kept over restarts and reboots.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sameport publish 80:8080 app_1 app_2",
            "  sameport publish 80 10.0.0.5:8080 10.0.0.6:8080",
            "  sameport publish 127.0.0.1:80:8080 app_1 app_2 --name web --hold 10s"
        })
final class PublishCommand implements Callable<Integer>, SettingFlags.Holder {
    @Mixin Location location = new Location();
    @Mixin Help help = new Help();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The service's name. Default: from the port.")
    @Nullable String name;

    @Parameters(
            index = "0",
            paramLabel = "[ADDR:]PORT[:PORT]",
            description = "As in `docker run -p`; one port is both.")
    String publish = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "ENDPOINT",
            description = "A container's name or id, or address:port.")
    List<String> endpoints = List.of();

    private final SortedMap<String, String> settings = SettingFlags.none();

    @Override
    public SortedMap<String, String> settings() {
        return settings;
    }

    @Override
    public Integer call() {
        settings.put(SameportLabels.PUBLISH, publish);
        SettingFlags.check(settings);
        endpoints.forEach(MemberGrammar::parse);
        String service = name != null ? name : "port-" + publish.replaceAll("[^A-Za-z0-9.]+", "-");
        Form form = new Form().add("name", service).addAll("setting", settings);
        endpoints.forEach(endpoint -> form.add("endpoint", endpoint));
        System.out.print(new AdminClient(location.socket()).post("/v1/publish", form));
        return 0;
    }
}
