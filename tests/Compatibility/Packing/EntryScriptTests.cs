using Moldau.Compatibility.Launcher;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Packing;

/// <summary>The image's entry script, run in a folder that stands for the image's root: no engine is needed.</summary>
public sealed class EntryScriptTests : IDisposable
{
    private const string Pretended = "#!/usr/bin/env bash\necho \"$*\"\nif [ \"$1\" = start ]; then cat \"$3\"; fi\n";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("moldau-image-");

    public EntryScriptTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "the image is Linux'");

    public void Dispose() => _root.Delete(recursive: true);

    /// <summary>The documented compose file for one node, with the ports and the folder of this test.</summary>
    [Fact]
    public async Task The_example_of_apache_kafka_starts_a_broker_that_is_used_through_what_it_advertises()
    {
        InstallReal();
        var (outside, inside) = (FreePorts.One(), FreePorts.One());
        var image = Image(
            ("KAFKA_NODE_ID", "1"),
            ("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT"),
            ("KAFKA_ADVERTISED_LISTENERS", $"PLAINTEXT_HOST://localhost:{outside},PLAINTEXT://broker:{inside}"),
            ("KAFKA_PROCESS_ROLES", "broker,controller"),
            ("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@broker:29093"),
            ("KAFKA_LISTENERS", $"CONTROLLER://:29093,PLAINTEXT_HOST://:{outside},PLAINTEXT://:{inside}"),
            ("KAFKA_INTER_BROKER_LISTENER_NAME", "PLAINTEXT"),
            ("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER"),
            ("CLUSTER_ID", "4L6g3nShT-eMCtK--X86sw"),
            ("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1"),
            ("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0"),
            ("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1"),
            ("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1"),
            ("KAFKA_LOG_DIRS", PathOf("tmp/kraft-combined-logs")),
            ("KAFKA_HEAP_OPTS", "-Xmx1G"),
            ("HTTP_ADDRESS", "none"),
            ("KAFKA_PORT_9092_TCP_ADDR", "10.0.0.1"));
        await image.ServeAsync([], async _ =>
        {
            await image.UseAsync($"localhost:{outside}");
            Assert.StartsWith("cluster 4L6g3nShT-eMCtK--X86sw", await image.RunAsync("", "cluster", "describe", "--server", $"localhost:{outside}"), StringComparison.Ordinal);
        });
        Assert.True(File.Exists(PathOf("tmp/kraft-combined-logs/meta.properties")));
    }

    [Fact]
    public async Task Variables_become_settings_over_the_mounted_file()
    {
        InstallPretended();
        await WriteAsync("mnt/shared/config/server.properties", "num.partitions=1\nlisteners = PLAINTEXT://:19092");

        var lines = await LinesAsync([], ("KAFKA_NUM_PARTITIONS", "3"), ("KAFKA_LISTENER_NAME_A__B___C_SSL_KEYSTORE_KEY", "one\ntwo"), ("KAFKA_OPTS", "-Dx=y"), ("KAFKA_SERVICE_HOST", "10.0.0.1"), ("CLUSTER_ID", "abc"), ("HTTP_ADDRESS", "none"));

        Assert.Equal($"start --config {PathOf("tmp")}/moldau/server.properties --http none --cluster-id abc", lines[0]);
        Assert.Equal(
            ["num.partitions=1", "listeners = PLAINTEXT://:19092", @"listener.name.a_b-c.ssl.keystore.key=one\ntwo", "num.partitions=3", "moldau.allow.anonymous=true", $"log.dirs={_root.FullName}/var/lib/moldau"],
            lines[1..]);
    }

    [Fact]
    public async Task Without_anything_it_listens_on_9092_of_every_address_and_sends_clients_to_localhost()
    {
        InstallPretended();
        Assert.Equal(["listeners=PLAINTEXT://:9092", "advertised.listeners=PLAINTEXT://localhost:9092", "moldau.allow.anonymous=true", $"log.dirs={_root.FullName}/var/lib/moldau"], (await LinesAsync([]))[1..]);
    }

    [Fact]
    public async Task What_is_advertised_is_listened_to()
    {
        InstallPretended();
        var lines = await LinesAsync(["KAFKA_ADVERTISED_LISTENERS=A://broker:1,B://[2001:db8::1]:2"]);
        Assert.Contains("listeners=A://0.0.0.0:1,B://0.0.0.0:2", lines);
    }

    [Fact]
    public async Task Secrets_are_read_from_the_files_that_variables_name()
    {
        InstallPretended();
        await WriteAsync("etc/kafka/secrets/store", "");
        await WriteAsync("etc/kafka/secrets/word", "secret\n");
        var lines = await LinesAsync([], ("KAFKA_SSL_KEYSTORE_FILENAME", "store"), ("KAFKA_SSL_KEYSTORE_CREDENTIALS", "word"), ("KAFKA_SSL_KEY_CREDENTIALS", "word"));
        Assert.Contains($"ssl.keystore.location={PathOf("etc/kafka/secrets/store")}", lines);
        Assert.Contains("ssl.keystore.password=secret", lines);
        Assert.Contains("ssl.key.password=secret", lines);
        Assert.DoesNotContain(lines, static line => line.Contains("credentials", StringComparison.Ordinal) || line.Contains("filename", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("KAFKA_SSL_TRUSTSTORE_FILENAME", "gone", "KAFKA_SSL_TRUSTSTORE_FILENAME names gone, and there is no")]
    [InlineData("KAFKA_PROCESS_ROLES", "controller", "a broker needs no controllers here")]
    public async Task What_cannot_be_is_refused_with_what_to_do(string name, string value, string expected)
    {
        InstallPretended();
        var launch = await StartAsync([], (name, value));
        Assert.Equal((1, ""), (launch.ExitCode, launch.Output));
        Assert.Contains(expected, launch.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_arguments_are_those_of_the_program()
    {
        InstallPretended();
        Assert.Equal(["topic list --server broker:9092"], await LinesAsync(["topic", "list", "--server", "broker:9092"]));
    }

    private string PathOf(string path) => Path.Combine(_root.FullName, path);

    private void InstallReal()
    {
        Directory.CreateDirectory(PathOf("opt/moldau"));
        File.CreateSymbolicLink(PathOf("opt/moldau/moldau"), Path.Combine(RepositoryPaths.Root, "artifacts", "bin", "Moldau.Host", "release", "moldau"));
    }

    private void InstallPretended()
    {
        Directory.CreateDirectory(PathOf("opt/moldau"));
        File.WriteAllText(PathOf("opt/moldau/moldau"), Pretended);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(PathOf("opt/moldau/moldau"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task WriteAsync(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        await File.WriteAllTextAsync(PathOf(path), text, TestContext.Current.CancellationToken);
    }

    /// <summary>The script with nothing in its environment but what an image has, and these.</summary>
    private InstalledProgram Image(params (string Name, string Value)[] variables)
    {
        Directory.CreateDirectory(PathOf("tmp"));
        var environment = variables.ToDictionary(static variable => variable.Name, static variable => variable.Value);
        foreach (var name in new[] { "PATH", "DOTNET_ROOT" })
        {
            if (Environment.GetEnvironmentVariable(name) is { } value) environment[name] = value;
        }

        (environment["ENTRY_ROOT"], environment["TMPDIR"]) = (_root.FullName, PathOf("tmp"));
        return new InstalledProgram(Path.Combine(RepositoryPaths.Root, "eng", "Container", "entry"), environment);
    }

    private Task<Launch> StartAsync(string[] arguments, params (string Name, string Value)[] variables)
    {
        var image = Image(variables);
        return Launch.RunAsync("env", ["-i", .. image.Environment!.Select(static pair => $"{pair.Key}={pair.Value}"), image.Path, .. arguments]);
    }

    private async Task<string[]> LinesAsync(string[] arguments, params (string Name, string Value)[] variables)
    {
        var launch = await StartAsync(arguments, variables);
        Assert.True(launch.ExitCode == 0, launch.Error);
        return launch.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
