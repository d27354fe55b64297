using Moldau.Client.Fetching;

namespace Moldau.Client.Telemetry;

/// <summary>Sees what one consumer gives out. Nothing is made of a record while nobody listens.</summary>
internal sealed class ConsumerWatch(ConsumerFigures figures, KafkaClientOptions options, ClientSpans spans, string? group, Subscription subscription)
{
    public string? Group => group;

    public int Assigned => subscription.Partitions().Count;

    /// <summary>Whether a handler's calls are seen one by one.</summary>
    public static bool SeesHandlers => ClientSpans.IsOn || ClientMeter.ProcessDuration.Enabled;

    private static bool SeesPolls => ClientSpans.IsOn || ClientMeter.OperationDuration.Enabled;

    public List<(TopicPartition Where, long Lag)> Lags() => subscription.Lags();

    /// <summary>Somebody asks for records.</summary>
    /// <returns>When; 0 where nobody wants to know.</returns>
    public long Polls() => SeesPolls ? options.Clock.GetTimestamp() : 0;

    /// <summary>He got some.</summary>
    public void Polled(FetchedBatch batch, long asked)
    {
        if (asked == 0) return;
        var waited = options.Clock.GetElapsedTime(asked);
        if (ClientSpans.IsOn) spans.Polled(batch, group, waited);
        if (ClientMeter.OperationDuration.Enabled)
            ClientMeter.OperationDuration.Record(waited.TotalSeconds, OperationTags.Of(Operation.Poll, options.ClientId, batch.State.Where.Topic, group, null));
    }

    public void Gives(FetchedBatch batch)
    {
        figures.Polls(options.Clock.GetTimestamp());
        figures.Given(batch.State.Where.Topic, group, batch.Count);
    }

    /// <summary>A reader begins to wait.</summary>
    public long Waits()
    {
        var now = options.Clock.GetTimestamp();
        figures.Polls(now);
        return now;
    }

    public void Waited(long since) => figures.Idle.Add(options.Clock.GetElapsedTime(since));

    /// <param name="batch">Where the record is.</param>
    /// <param name="index">Which it is.</param>
    /// <param name="hasTextKeys">Whether keys are texts, and can be shown.</param>
    public OperationWatch BeginProcess(FetchedBatch batch, int index, bool hasTextKeys)
    {
        var topic = batch.State.Where.Topic;
        ref readonly var record = ref batch[index];
        var key = hasTextKeys && record.KeyLength >= 0 ? System.Text.Encoding.UTF8.GetString(batch.KeyOf(record).Span) : null;
        var span = ClientSpans.IsOn ? spans.BeginProcess(batch, index, group, key) : null;
        return new OperationWatch(span, options.Clock, (took, error) =>
        {
            if (ClientMeter.ProcessDuration.Enabled) ClientMeter.ProcessDuration.Record(took.TotalSeconds, OperationTags.Of(Operation.Process, options.ClientId, topic, group, error));
        });
    }
}
