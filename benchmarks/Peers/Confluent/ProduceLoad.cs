using Confluent.Kafka;
using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Peers.Confluent;

/// <summary>Its way to write without waiting for each record: Produce with a handler for what is delivered, and a flush at the end.</summary>
internal sealed class ProduceLoad : IClientLoad
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly ClientTask _task;
    private readonly IProducer<byte[]?, byte[]> _producer;
    private readonly Samples _samples;
    private readonly Action<DeliveryReport<byte[]?, byte[]>> _delivered;
    private long _lost;

    public ProduceLoad(ClientTask task, IProducer<byte[]?, byte[]> producer)
    {
        (_task, _producer, _samples) = (task, producer, new Samples(task));
        _delivered = report =>
        {
            if (report.Error.IsError) _lost++;
        };
    }

    public Task<long> RunAsync(Deadline deadline)
    {
        var done = 0L;
        while (done % Deadline.Stride != 0 || !deadline.IsOver)
        {
            var message = new Message<byte[]?, byte[]> { Key = _task.IsKeyed ? _samples.Key(done) : null, Value = _samples.Value(done) };
            while (!TryProduce(message)) _producer.Poll(Moment);
            done++;
        }

        while (_producer.Flush(TimeSpan.FromSeconds(1)) > 0) { }
        return _lost == 0 ? Task.FromResult(done) : throw new InvalidOperationException($"{_lost} records were lost");
    }

    public ValueTask DisposeAsync()
    {
        _producer.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool TryProduce(Message<byte[]?, byte[]> message)
    {
        try
        {
            _producer.Produce(_task.Topic, message, _delivered);
            return true;
        }
        catch (ProduceException<byte[]?, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }
}
