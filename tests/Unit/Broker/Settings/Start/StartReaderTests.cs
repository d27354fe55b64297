using Moldau.Broker.Settings;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Broker.Settings.Start;
using Xunit;

namespace Moldau.Unit.Broker.Settings.Start;

public class StartReaderTests
{
    private readonly SmallFilesInMemory _files = new();

    [Fact]
    public void What_comes_later_counts_more()
    {
        var settings = Read(
            "num.partitions=2\nlog.retention.ms=2\nlog.segment.bytes=2000000\n",
            new() { ["MOLDAU_LOG_RETENTION_MS"] = "3", ["MOLDAU_LOG_SEGMENT_BYTES"] = "3000000", ["PATH"] = "x" },
            "log.segment.bytes=4000000", "moldau.durability = page-cache");

        Assert.Equal("2", settings.Values["num.partitions"]);
        Assert.Equal("3", settings.Values["log.retention.ms"]);
        Assert.Equal("4000000", settings.Values["log.segment.bytes"]);
        Assert.Equal(" page-cache", settings.Values["moldau.durability"]);
        Assert.Equal(4, settings.Values.Count);
        Assert.Empty(settings.Notes);
    }

    [Fact]
    public void Nothing_given_is_nothing_set() => Assert.Empty(StartReader.Read(new StartInput(), _files).Values);

    [Theory]
    [InlineData("\n\nlog.retention.msec=1", "server.properties:3: there is no setting 'log.retention.msec'; did you mean log.retention.ms?")]
    [InlineData("retention.ms=1", "server.properties:1: retention.ms is a topic's setting; a broker's, for all topics that have none of their own, is log.retention.ms")]
    [InlineData("num.partitions=many", "server.properties:1: 'many' is not possible for num.partitions: it takes a whole number from -2147483648 to 2147483647")]
    [InlineData("num.partitions=0", "server.properties:1: '0' is not possible for num.partitions: it must be at least 1")]
    [InlineData("log.cleanup.policy=delete,\\\n  compct", "server.properties:1: 'delete,compct' is not possible for log.cleanup.policy: 'compct' is none of compact, delete; did you mean compact?")]
    [InlineData("auto.create.topics.enable=ja", "server.properties:1: 'ja' is not possible for auto.create.topics.enable: it takes true or false")]
    [InlineData("compression.type=zstandard", "server.properties:1: 'zstandard' is not possible for compression.type: it takes one of uncompressed, zstd, lz4, snappy, gzip, producer")]
    [InlineData("compression.gzip.level=10", "server.properties:1: '10' is not possible for compression.gzip.level: it must be from 1 to 9, or -1")]
    [InlineData("#\na=\\u12", "server.properties:2: a \\u is not followed by four hexadecimal digits; a backslash itself is written \\\\")]
    [InlineData("listeners=INSIDE://:9093", "server.properties:1: listeners: 'INSIDE' in 'INSIDE://:9093' stands for no protocol: name it in listener.security.protocol.map, as in INSIDE:PLAINTEXT")]
    [InlineData("listeners=PLAINTEXT://host", "server.properties:1: listeners: 'PLAINTEXT://host' has no port: it takes NAME://HOST:PORT")]
    [InlineData("listeners=PLAINTEXT://host:http", "server.properties:1: listeners: 'http' in 'PLAINTEXT://host:http' is no port: it takes a number from 0 to 65535")]
    [InlineData("listeners=PLAINTEXT://::1:9092", "server.properties:1: listeners: 'PLAINTEXT://::1:9092' has a host with colons: put an IPv6 address into brackets, as in PLAINTEXT://[::1]:9092")]
    [InlineData("listeners=CONTROLLER://:9093", "server.properties:1: listeners names nothing that clients could connect to: give it something like PLAINTEXT://:9092")]
    [InlineData("advertised.listeners=PLAINTEXT://0.0.0.0:9092", "server.properties:1: advertised.listeners tells clients to connect to 0.0.0.0, which is nobody's address: give this machine's name or address")]
    [InlineData("listener.security.protocol.map=A:PLAINTEXT,PLAINTEXT:PLAIN", "server.properties:1: listener.security.protocol.map: 'PLAIN' in 'PLAINTEXT:PLAIN' is no protocol: there are PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL")]
    [InlineData("broker.id=2\nnode.id=3", "server.properties:1: broker.id is 2 and node.id is 3, and both name this node: give one of them")]
    [InlineData("authorizer.class.name=x.Y", "server.properties:1: 'x.Y' is a class this broker does not have: org.apache.kafka.metadata.authorizer.StandardAuthorizer is the only one, and nothing lets everybody do everything")]
    [InlineData("super.users=User:a;root", "server.properties:1: super.users has 'root', which names no principal: it is a type and a name, such as User:root")]
    [InlineData("log.retention.hours=0", "server.properties:1: log.retention.hours is 0: it must be at least 1, or -1 for ever")]
    [InlineData("cordoned.log.dirs=/b\nlog.dirs=/a", "server.properties:1: cordoned.log.dirs has '/b', which is none of log.dirs: /a")]
    [InlineData("log.cleaner.threads=500", "log.cleaner.dedupe.buffer.size: log.cleaner.dedupe.buffer.size gives each of 500 threads 268435 bytes: each needs more than 1048576")]
    [InlineData("queued.max.request.bytes=5", "server.properties:1: queued.max.request.bytes is 5: the largest request, socket.request.max.bytes, takes 104857600; -1 is for any number")]
    [InlineData("max.connections.per.ip.overrides=a", "server.properties:1: max.connections.per.ip.overrides: 'a' is no HOST:NUMBER, such as 10.0.0.7:100")]
    [InlineData("group.consumer.heartbeat.interval.ms=20000", "server.properties:1: group.consumer.heartbeat.interval.ms is 20000: group.consumer.max.heartbeat.interval.ms bounds it to at most 15000")]
    [InlineData("group.coordinator.rebalance.protocols=consumer", "server.properties:1: group.coordinator.rebalance.protocols leaves classic out, which cannot be turned off: add it")]
    [InlineData("group.consumer.assignors=range,sticky", "server.properties:1: group.consumer.assignors has 'sticky', which is none of uniform, range")]
    [InlineData("listeners=A://:1\nadvertised.listeners=A://h:1,A://h:2\nlistener.security.protocol.map=A:PLAINTEXT", "server.properties:2: advertised.listeners has one listener twice: clients are told one address of each")]
    [InlineData("inter.broker.listener.name=INSIDE", "server.properties:1: inter.broker.listener.name is INSIDE, and listeners has only PLAINTEXT")]
    [InlineData("ssl.key.password=geheim\nssl.client.auth=maybe", "server.properties:2: 'maybe' is not possible for ssl.client.auth: it takes one of required, requested, none")]
    public void What_is_wrong_is_told_with_its_place(string text, string fault) =>
        Assert.Equal([fault], Assert.Throws<StartSettingsException>(() => Read(text, [])).Faults);

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var refused = Assert.Throws<StartSettingsException>(() => Read("nope=1\nnum.partitions=x", new() { ["MOLDAU_NUM_IO_THREAD"] = "1" }, "log.dirs", "fetch.max.bytes=1"));

        Assert.Equal(
            [
                "MOLDAU_NUM_IO_THREAD: no setting has this variable; did you mean MOLDAU_NUM_IO_THREADS?",
                "--set: 'log.dirs' is no NAME=VALUE",
                "--set: '1' is not possible for fetch.max.bytes: it must be at least 1024",
                "server.properties:1: there is no setting 'nope'",
                "server.properties:2: 'x' is not possible for num.partitions: it takes a whole number from -2147483648 to 2147483647",
            ],
            refused.Faults);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        var refused = Assert.Throws<StartSettingsException>(() => StartReader.Read(new StartInput { File = "none" }, _files));
        Assert.Equal(["the settings file cannot be read: read none: there is no such file"], refused.Faults);
    }

    [Fact]
    public void What_has_no_effect_is_told_of_and_taken()
    {
        var settings = Read("num.io.threads=4\nprocess.roles=broker,controller\n", [], "sasl.oauthbearer.client.credentials.client.secret=geheim");

        Assert.Equal(
            [
                "server.properties:1: num.io.threads has no effect: All work runs on one pool of threads, which sizes itself.",
                "server.properties:2: process.roles has no effect: There is no KRaft quorum: what it would hold is in the metadata store.",
                "--set: sasl.oauthbearer.client.credentials.client.secret has no effect: A client's side of SASL: this broker has none.",
            ],
            settings.Notes);
        Assert.Equal("4", settings.Values["num.io.threads"]);
    }

    [Fact]
    public void A_file_for_one_combined_node_of_Kafka_starts()
    {
        var settings = Read(
            """
            process.roles=broker,controller
            node.id=1
            controller.quorum.bootstrap.servers=127.0.0.1:9093
            listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093
            advertised.listeners=PLAINTEXT://127.0.0.1:9092
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
            log.dirs=/tmp/data
            offsets.topic.replication.factor=1
            """, []);

        var broker = BrokerSettings.Of(SettingLayers.Empty with { Start = settings.Values });
        Assert.Equal([new Listener("PLAINTEXT", "127.0.0.1", 9092, "PLAINTEXT")], broker.Listeners.Listeners);
        Assert.Equal(["/tmp/data"], broker.Folders.Paths);
        Assert.Equal(1, broker.Offsets.Topic.ReplicationFactor);
        Assert.Equal(3, settings.Notes.Count);
    }

    [Fact]
    public void The_nodes_number_is_told_under_both_its_names()
    {
        Assert.Equal("7", Read("node.id=7", []).Values["broker.id"]);
        Assert.Equal("7", Read("broker.id=7", []).Values["node.id"]);
        Assert.False(Read("broker.id=-1", []).Values.ContainsKey("node.id"));
        Assert.Equal(["server.properties:2: broker.id is -1 and node.id is 1, and both name this node: give one of them"], Assert.Throws<StartSettingsException>(() => Read("node.id=1\nbroker.id=-1", [])).Faults);
    }

    [Fact]
    public void A_secret_is_not_in_what_is_told()
    {
        _files["secrets"] = "password=geheim\n";
        var settings = Read(
            "config.providers=file\nconfig.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider\nsasl.jaas.config=${file:secrets:password} ${file:secrets:none}", []);

        Assert.Equal("geheim ${file:secrets:none}", settings.Values["sasl.jaas.config"]);
        Assert.Contains("server.properties:3: ${file:secrets:none} in sasl.jaas.config stays as it is: the provider knows no such value, or may not tell it", settings.Notes);
        Assert.DoesNotContain(settings.Notes, static note => note.Contains("geheim", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("config.providers=env", "server.properties:1: the provider 'env' has no class: set config.providers.env.class to org.apache.kafka.common.config.provider.EnvVarConfigProvider, org.apache.kafka.common.config.provider.FileConfigProvider or org.apache.kafka.common.config.provider.DirectoryConfigProvider")]
    [InlineData("config.providers=env\nconfig.providers.env.class=org.apache.kafka.common.config.provider.EnvVarsConfigProvider", "server.properties:2: the provider 'env': 'org.apache.kafka.common.config.provider.EnvVarsConfigProvider' is no provider of this build: config.providers.env.class takes one of org.apache.kafka.common.config.provider.EnvVarConfigProvider, org.apache.kafka.common.config.provider.FileConfigProvider, org.apache.kafka.common.config.provider.DirectoryConfigProvider; did you mean org.apache.kafka.common.config.provider.EnvVarConfigProvider?")]
    [InlineData("config.providers=f\nconfig.providers.f.class=org.apache.kafka.common.config.provider.FileConfigProvider\nconfig.providers.f.param.allowed.paths=here", "server.properties:2: the provider 'f': 'here' is no absolute path")]
    [InlineData("config.providers=f\nconfig.providers.f.class=org.apache.kafka.common.config.provider.FileConfigProvider\nbroker.rack=${f:none:a}", "server.properties:3: broker.rack cannot be looked up: read none: there is no such file")]
    public void A_provider_that_cannot_be_is_told(string text, string fault) =>
        Assert.Equal([fault], Assert.Throws<StartSettingsException>(() => Read(text, [])).Faults);

    [Fact]
    public void A_file_that_is_not_UTF_8_is_Latin_1()
    {
        Assert.Equal("ä", PropertiesReader.Decode([0xE4]));
        Assert.Equal("ä", PropertiesReader.Decode([0xC3, 0xA4]));
        Assert.Equal("ä", PropertiesReader.Decode([0xEF, 0xBB, 0xBF, 0xC3, 0xA4]));
    }

    private StartSettings Read(string text, Dictionary<string, string> environment, params string[] sets)
    {
        _files["server.properties"] = text;
        return StartReader.Read(new StartInput { File = "server.properties", Environment = environment, Sets = sets }, _files);
    }
}
