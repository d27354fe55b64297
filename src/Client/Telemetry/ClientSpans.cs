using System.Diagnostics;
using System.Globalization;
using System.Text;
using Moldau.Client.Consuming;
using Moldau.Client.Fetching;
using Moldau.Client.Metadata;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Records;

namespace Moldau.Client.Telemetry;

/// <summary>
/// Spans of what a client does with records. Nothing is made while nobody listens: whoever comes here has asked <see cref="IsOn"/> before.
/// What the ambient activity is stays as it was, except within a handler.
/// </summary>
internal sealed class ClientSpans(KafkaClientOptions options, MetadataCache metadata)
{
    public const string SourceName = "Moldau.Client";

    // What OpenTelemetry's own limit is; more would be thrown away there.
    private const int MostLinks = 128;

    private static readonly ActivitySource Source = new(SourceName);

    public static bool IsOn => Source.HasListeners();

    /// <summary>A record is on its way: its span ends when it is confirmed or lost, and its context goes along, unless the caller gave one.</summary>
    /// <param name="topic">Where it goes.</param>
    /// <param name="key">Its key, where that is a text; else none.</param>
    /// <param name="value">Its value.</param>
    /// <param name="headers">Its headers, which the context is added to.</param>
    /// <returns>Null where nobody wants it.</returns>
    public SendSpan? BeginSend(string topic, OptionalBytes key, OptionalBytes value, ref RecordHeader[]? headers)
    {
        var ambient = Activity.Current;
        var tags = Tags(Operation.Send, topic);
        if (!key.IsNull) tags.Add(new(TelemetryTag.Key, Encoding.UTF8.GetString(key.Span)));
        if (value.IsNull) tags.Add(new(TelemetryTag.Tombstone, true));
        var isCarried = TraceContext.IsIn(headers);
        var links = isCarried ? Links(TraceContext.Of(headers)) : null;
        var span = Source.StartActivity($"{Operation.Send.Name} {topic}", Operation.Send.Kind, default(ActivityContext), tags, links);
        if (!isCarried) headers = TraceContext.With(headers, span ?? ambient);
        Activity.Current = ambient;
        return span is null ? null : new SendSpan(span, this);
    }

    /// <summary>Records were given out to who asked for them.</summary>
    public void Polled(FetchedBatch batch, string? group, TimeSpan waited)
    {
        var where = batch.State.Where;
        var tags = Tags(Operation.Poll, where.Topic, group);
        tags.Add(new(TelemetryTag.Partition, Number(where.Partition)));
        tags.Add(new(TelemetryTag.BatchCount, batch.Count));
        var links = new List<ActivityLink>();
        for (var i = 0; i < batch.Count && links.Count < MostLinks; i++)
        {
            if (TraceContext.Of(new Headers(batch, i)) is var made && made != default) links.Add(new ActivityLink(made));
        }

        var ambient = LeaveEnded();
        var end = options.Clock.GetUtcNow();
        var span = Source.StartActivity($"{Operation.Poll.Name} {where.Topic}", Operation.Poll.Kind, default(ActivityContext), tags, links, end - waited);
        if (span is not null)
        {
            AddServer(span, where);
            span.SetEndTime(end.UtcDateTime);
            span.Stop();
        }

        Activity.Current = ambient;
    }

    /// <summary>
    /// A record goes to its handler. Where that happens within another span, this is its child and linked to the record's producer, as the
    /// convention wants it; else it is the producer's child.
    /// </summary>
    public Activity? BeginProcess(FetchedBatch batch, int index, string? group, string? key)
    {
        var where = batch.State.Where;
        var made = TraceContext.Of(new Headers(batch, index));
        LeaveEnded();
        var tags = Tags(Operation.Process, where.Topic, group);
        tags.Add(new(TelemetryTag.Partition, Number(where.Partition)));
        tags.Add(new(TelemetryTag.Offset, batch.OffsetOf(index)));
        if (key is not null) tags.Add(new(TelemetryTag.Key, key));
        if (batch[index].ValueLength < 0) tags.Add(new(TelemetryTag.Tombstone, true));
        var parent = Activity.Current?.Context ?? made;
        var span = Source.StartActivity($"{Operation.Process.Name} {where.Topic}", Operation.Process.Kind, parent, tags, Links(made));
        if (span is not null) AddServer(span, where);
        return span;
    }

    /// <summary>Offsets are stored for a group.</summary>
    public Activity? BeginCommit(string group, IEnumerable<TopicPartition> partitions)
    {
        string? topic = null;
        var isOne = true;
        foreach (var where in partitions)
        {
            isOne &= topic is null || topic == where.Topic;
            topic = where.Topic;
        }

        if (!isOne) topic = null;
        LeaveEnded();
        return Source.StartActivity(topic is null ? Operation.Commit.Name : $"{Operation.Commit.Name} {topic}", Operation.Commit.Kind, default(ActivityContext), Tags(Operation.Commit, topic, group));
    }

    public void AddServer(Activity span, TopicPartition where)
    {
        var cluster = metadata.Current;
        if (cluster.Find(where) is not { } info || !cluster.Brokers.TryGetValue(info.Leader, out var broker)) return;
        span.SetTag(TelemetryTag.ServerAddress, broker.Host);
        span.SetTag(TelemetryTag.ServerPort, broker.Port);
    }

    public static void Fail(Activity span, Exception failure)
    {
        span.SetTag(TelemetryTag.ErrorType, ErrorOf(failure));
        span.SetStatus(ActivityStatusCode.Error, failure.Message);
    }

    /// <summary>The protocol's name of an error, or the exception's own.</summary>
    public static string ErrorOf(Exception failure) => failure is KafkaException kafka ? kafka.Code.Name() : failure.GetType().FullName ?? failure.GetType().Name;

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private List<KeyValuePair<string, object?>> Tags(Operation operation, string? topic, string? group = null)
    {
        var tags = new List<KeyValuePair<string, object?>>
        {
            new(TelemetryTag.System, TelemetryTag.Kafka),
            new(TelemetryTag.OperationName, operation.Name),
            new(TelemetryTag.OperationType, operation.Type),
            new(TelemetryTag.ClientId, options.ClientId),
        };
        if (topic is not null) tags.Add(new(TelemetryTag.Topic, topic));
        if (group is not null) tags.Add(new(TelemetryTag.Group, group));
        return tags;
    }

    // What was in the air when a loop began is over by now, and nothing of the loop's is its child.
    private static Activity? LeaveEnded()
    {
        var ambient = Activity.Current;
        if (ambient is { IsStopped: true }) Activity.Current = null;
        return ambient;
    }

    private static ActivityLink[]? Links(ActivityContext made) => made == default ? null : [new ActivityLink(made)];
}
