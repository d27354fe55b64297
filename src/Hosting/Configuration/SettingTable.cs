using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Client.Producing;
using Moldau.Protocol.Compression;
using static Moldau.Extensions.Hosting.Configuration.SettingRole;

namespace Moldau.Extensions.Hosting.Configuration;

/// <summary>
/// Every setting that a section may have, as Java's client, librdkafka and what stands on them spell it. Those that this client has nothing
/// like are refused by name: whoever wrote them relies on them.
/// </summary>
internal static class SettingTable
{
    public const SettingRole All = SettingRole.Client | SettingRole.Producer | SettingRole.Consumer;

    public static IReadOnlyList<Setting> Rows { get; } =
    [
        .. Connections(), .. Security(), .. Producers(), .. Consumers(), .. Groups(),
        Refused("debug", All, "set the log level of Moldau.Client"),
        Refused("log.level", All, "set the log level of Moldau.Client"),
        Refused("statistics.interval.ms", All, "the meter Moldau.Client has the figures"),
        Refused("enable.ssl.certificate.verification", All, "brokers are always verified; name their root by ssl.ca.location"),
        Refused("ssl.truststore.location", All, "Java's stores are not read here; name PEM by ssl.ca.location"),
        Refused("ssl.keystore.location", All, "Java's stores are not read here; name PEM by ssl.certificate.location and ssl.key.location"),
        Refused("sasl.jaas.config", All, "say sasl.username and sasl.password"),
        Refused("sasl.oauthbearer.config", All, "tokens come from code, by OAuthBearerCredentials"),
        Refused("sasl.oauthbearer.token.endpoint.url", All, "tokens come from code, by OAuthBearerCredentials"),
        Refused("interceptor.classes", All, "middleware is given in code"),
        Refused("key.serializer", SettingRole.Producer, "serdes are given in code"),
        Refused("value.serializer", SettingRole.Producer, "serdes are given in code"),
        Refused("key.deserializer", SettingRole.Consumer, "serdes are given in code"),
        Refused("value.deserializer", SettingRole.Consumer, "serdes are given in code"),
        Refused("queue.buffering.max.messages", SettingRole.Producer, "what waits is bounded in bytes, by queue.buffering.max.kbytes or buffer.memory"),
        Refused("message.send.max.retries", SettingRole.Producer, "a record is tried until delivery.timeout.ms"),
        Refused("retries", SettingRole.Producer, "a record is tried until delivery.timeout.ms"),
        Refused("batch.num.messages", SettingRole.Producer, "batches are bounded in bytes, by batch.size"),
        Refused("dr.msg.cb", SettingRole.Producer, "await SendAsync, or look at what FlushAsync tells"),
        Refused("enable.auto.offset.store", SettingRole.Consumer, "a record counts as done when it is done, not when it is delivered"),
        Refused("enable.partition.eof", SettingRole.Consumer, "give ConsumerOptions.StopAtEnd in code"),
        Refused("check.crcs", SettingRole.Consumer, "checksums are always checked"),
        Refused("queued.min.messages", SettingRole.Consumer, "what is fetched ahead is bounded in bytes, by queued.max.messages.kbytes"),
        Refused("max.poll.records", SettingRole.Consumer, "records come one by one or by batch; there is no poll"),
    ];

    private static IEnumerable<Setting> Connections() =>
    [
        new("bootstrap.servers", All, static (draft, value) => draft.Client = draft.Client with { Bootstrap = value.Text }),
        new("client.id", All, static (draft, value) => draft.Client = draft.Client with { ClientId = value.Text }),
        new("request.timeout.ms", All, static (draft, value) => draft.Client = draft.Client with { RequestTimeout = value.Milliseconds() }),
        new("socket.timeout.ms", All, static (draft, value) => draft.Client = draft.Client with { RequestTimeout = value.Milliseconds() }),
        new("socket.connection.setup.timeout.ms", All, static (draft, value) => draft.Client = draft.Client with { ConnectTimeout = value.Milliseconds() }),
        new("default.api.timeout.ms", All, static (draft, value) => draft.Client = draft.Client with { OperationTimeout = value.Milliseconds() }),
        new("retry.backoff.ms", All, static (draft, value) => draft.Client = draft.Client with { FirstBackOff = value.Milliseconds() }),
        new("retry.backoff.max.ms", All, static (draft, value) => draft.Client = draft.Client with { LongestBackOff = value.Milliseconds() }),
        new("metadata.max.age.ms", All, static (draft, value) => draft.Client = draft.Client with { MetadataAge = value.Milliseconds() }),
        new("topic.metadata.refresh.interval.ms", All, static (draft, value) => draft.Client = draft.Client with { MetadataAge = value.Milliseconds() }),
        new("enable.metrics.push", All, static (draft, value) => draft.Client = draft.Client with { PushesMetrics = value.Flag() }),
        new("receive.message.max.bytes", All, static (draft, value) => draft.Client = draft.Client with { ResponseBytes = value.Int32(1000) }),
    ];

    private static IEnumerable<Setting> Security() =>
    [
        .. ((string[])
        [
            "security.protocol", "sasl.mechanism", "sasl.username", "sasl.password", "sasl.kerberos.service.name", "ssl.ca.location", "ssl.ca.pem",
            "ssl.certificate.location", "ssl.certificate.pem", "ssl.key.location", "ssl.key.pem", "ssl.key.password", "ssl.endpoint.identification.algorithm",
        ]).Select(static name => new Setting(name, All, (draft, value) => draft.Keep(name, value))),
        new("sasl.mechanisms", All, static (draft, value) => draft.Keep("sasl.mechanism", value)),
    ];

    private static IEnumerable<Setting> Producers() =>
    [
        new("acks", SettingRole.Producer, static (draft, value) => draft.Producer = Acknowledged(draft.Producer, value)),
        new("enable.idempotence", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { IsIdempotent = value.Flag() }),
        new("linger.ms", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { Linger = value.Milliseconds() }),
        new("queue.buffering.max.ms", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { Linger = value.Milliseconds() }),
        new("batch.size", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { BatchBytes = value.Int32(1) }),
        new("buffer.memory", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { BufferBytes = value.Int64(1) }),
        new("queue.buffering.max.kbytes", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { BufferBytes = value.Int64(1) << 10 }),
        new("max.request.size", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { MaxRequestBytes = value.Int32(1) }),
        new("message.max.bytes", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { MaxRequestBytes = value.Int32(1) }),
        new("compression.type", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { Compression = Codec(value) }),
        new("compression.codec", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { Compression = Codec(value) }),
        new("compression.level", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { CompressionLevel = value.Int32(-1) is >= 0 and var level ? level : null }),
        new("delivery.timeout.ms", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { DeliveryTimeout = value.Milliseconds() }),
        new("message.timeout.ms", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { DeliveryTimeout = value.Milliseconds() }),
        new("max.in.flight.requests.per.connection", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { RequestsUnderWay = value.Int32(1) }),
        new("max.in.flight", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { RequestsUnderWay = value.Int32(1) }),
        new("partitioner", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with
        {
            Partitioner = value.Choice(("murmur2", Partitioner.Murmur2), ("murmur2_random", Partitioner.Murmur2), ("consistent_random", Partitioner.Crc32), ("crc32", Partitioner.Crc32)),
        }),
        new("transactional.id", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { TransactionalId = value.Text }),
        new("transaction.timeout.ms", SettingRole.Producer, static (draft, value) => draft.Producer = draft.Producer with { TransactionTimeout = value.Milliseconds() }),
    ];

    private static IEnumerable<Setting> Consumers() =>
    [
        new("topics", SettingRole.Consumer, static (draft, value) => draft.Consumer = draft.Consumer with { Topics = value.List() }),
        new("auto.offset.reset", SettingRole.Consumer, static (draft, value) => draft.Consumer = draft.Consumer with { Reset = Reset(value) }),
        new("isolation.level", SettingRole.Consumer, static (draft, value) => draft.Consumer = draft.Consumer with { ReadCommitted = value.Choice(("read_committed", true), ("read_uncommitted", false)) }),
        new("fetch.min.bytes", SettingRole.Consumer, static (draft, value) => draft.Consumer = draft.Consumer with { MinBytes = value.Int32(0) }),
        new("fetch.max.bytes", SettingRole.Consumer, static (draft, value) => draft.Consumer = draft.Consumer with { MaxBytes = value.Int32(1) }),
        new("fetch.max.wait.ms", SettingRole.Consumer, static (draft, value) => draft.Consumer = draft.Consumer with { LongestWait = value.Milliseconds() }),
        new("fetch.wait.max.ms", SettingRole.Consumer, static (draft, value) => draft.Consumer = draft.Consumer with { LongestWait = value.Milliseconds() }),
        new("max.partition.fetch.bytes", SettingRole.Consumer, static (draft, value) => draft.Consumer = draft.Consumer with { PartitionBytes = value.Int32(1) }),
        new("fetch.message.max.bytes", SettingRole.Consumer, static (draft, value) => draft.Consumer = draft.Consumer with { PartitionBytes = value.Int32(1) }),
        new("queued.max.messages.kbytes", SettingRole.Consumer, static (draft, value) => draft.Consumer = draft.Consumer with { PrefetchBytes = (int)Math.Min(int.MaxValue, value.Int64(1) << 10) }),
        new("client.rack", SettingRole.Consumer, static (draft, value) => draft.Consumer = draft.Consumer with { RackId = value.Text }),
        new("enable.auto.commit", SettingRole.Consumer, static (draft, value) =>
        {
            if (!value.Flag()) draft.Consumer = draft.Consumer with { CommitInterval = TimeSpan.Zero };
        }),
        new("auto.commit.interval.ms", SettingRole.Consumer, static (draft, value) => draft.Consumer = draft.Consumer with { CommitInterval = value.Milliseconds() }),
    ];

    private static IEnumerable<Setting> Groups() =>
    [
        new("group.id", SettingRole.Consumer, static (draft, value) => draft.Consumer = draft.Consumer with { GroupId = value.Text }),
        new("group.instance.id", SettingRole.Consumer, static (draft, value) => draft.Group = draft.Group with { InstanceId = value.Text }),
        new("group.protocol", SettingRole.Consumer, static (draft, value) => draft.Group = draft.Group with
        {
            Protocol = value.Choice(("auto", GroupProtocol.Auto), ("classic", GroupProtocol.Classic), ("consumer", GroupProtocol.Consumer)),
        }),
        new("group.remote.assignor", SettingRole.Consumer, static (draft, value) => draft.Group = draft.Group with { ServerAssignor = value.Text }),
        new("partition.assignment.strategy", SettingRole.Consumer, static (draft, value) => draft.Group = draft.Group with { Assignors = Assignors(value) }),
        new("session.timeout.ms", SettingRole.Consumer, static (draft, value) => draft.Group = draft.Group with { SessionTimeout = value.Milliseconds() }),
        new("heartbeat.interval.ms", SettingRole.Consumer, static (draft, value) => draft.Group = draft.Group with { HeartbeatInterval = value.Milliseconds() }),
        new("max.poll.interval.ms", SettingRole.Consumer, static (draft, value) => draft.Group = draft.Group with { MaxPollInterval = value.Milliseconds() }),
    ];

    private static Setting Refused(string name, SettingRole role, string reason) => new(name, role, null, reason);

    private static ProducerOptions Acknowledged(ProducerOptions options, SettingValue value) => value.Choice(("all", 'a'), ("-1", 'a'), ("leader", 'l'), ("1", 'l'), ("none", 'n'), ("0", 'n')) switch
    {
        'a' => options with { WaitsForAll = true },
        'l' => options with { WaitsForAll = false, IsIdempotent = false },
        _ => throw new SettingException($"{value.Path} is '{value.Text}': records that nobody confirms are lost unseen, and are not sent; take all or 1"),
    };

    private static CompressionType Codec(SettingValue value) => value.Choice(
        ("none", CompressionType.None), ("gzip", CompressionType.Gzip), ("snappy", CompressionType.Snappy), ("lz4", CompressionType.Lz4), ("zstd", CompressionType.Zstd));

    private static OffsetReset Reset(SettingValue value)
    {
        const string ByDuration = "by_duration:";
        if (value.Text.StartsWith(ByDuration, StringComparison.OrdinalIgnoreCase))
        {
            try
            {
                return OffsetReset.ByDuration(System.Xml.XmlConvert.ToTimeSpan(value.Text[ByDuration.Length..]));
            }
            catch (FormatException)
            {
                throw value.Wrong("by_duration: and a duration such as PT1H");
            }
        }

        return value.Choice(
            ("earliest", OffsetReset.Earliest), ("beginning", OffsetReset.Earliest), ("smallest", OffsetReset.Earliest),
            ("latest", OffsetReset.Latest), ("end", OffsetReset.Latest), ("largest", OffsetReset.Latest), ("none", OffsetReset.None), ("error", OffsetReset.None));
    }

    private static List<ClassicAssignor> Assignors(SettingValue value) =>
        [.. value.List().Select(name => new SettingValue(value.Path, name).Choice(
            ("range", ClassicAssignor.Range), ("roundrobin", ClassicAssignor.RoundRobin), ("sticky", ClassicAssignor.Sticky), ("cooperative-sticky", ClassicAssignor.CooperativeSticky)))];
}
