using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Handling;

namespace Moldau.Unit.Client.Histories;

/// <summary>A member of the group, which writes down what it handles.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Whoever stops it stops all it has; the token is asked for to the end.")]
internal sealed class Member
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _name;
    private readonly KafkaClient _kafka;
    private readonly Consumer<string, string> _consumer;
    private readonly ClientHistory _history;
    private readonly CancellationTokenSource _leaving = new();
    private readonly Task _running;
    private int _reign;
    private volatile bool _isAbandoned;

    public Member(string name, KafkaClient kafka, ChaosOptions options, ClientHistory history)
    {
        (_name, _kafka, _history) = (name, kafka, history);
        var group = options.Consuming.Group with
        {
            Protocol = options.Protocol,
            SessionTimeout = TimeSpan.FromSeconds(3),
            HeartbeatInterval = TimeSpan.FromMilliseconds(100),
            RebalanceTimeout = TimeSpan.FromSeconds(5),
            // Whoever has a partition again may meet records again.
            OnAssigned = (_, _) => NextReign(),
            OnLost = _ => NextReign(),
        };
        _consumer = kafka.CreateConsumer<string, string>(options.Consuming with { GroupId = Chaos.Group, Topics = [Chaos.Topic], Group = group });
        _running = Task.Run(RunAsync);
    }

    public string State => $"{_name} {(_running.IsCompleted ? $"ended {_running.Exception?.GetBaseException().Message}" : $"has {string.Join(' ', _consumer.Assignment)}")}";

    public async Task StopAsync()
    {
        await _leaving.CancelAsync();
        await _running.WaitAsync(Deadline);
        await _consumer.DisposeAsync().AsTask().WaitAsync(Deadline);
        await _kafka.DisposeAsync().AsTask().WaitAsync(Deadline);
    }

    /// <summary>As a process that is killed: its connections end, and it says nothing.</summary>
    public void Abandon()
    {
        _isAbandoned = true;
        _ = Task.Run(async () =>
        {
            await _kafka.DisposeAsync();
            await StopAsync();
        });
    }

    private async Task RunAsync()
    {
        while (!_leaving.IsCancellationRequested)
        {
            try
            {
                await _consumer.RunAsync(HandleAsync, new HandlerOptions { MaxConcurrency = 4, DrainTimeout = TimeSpan.FromSeconds(5) }, _leaving.Token);
            }
            catch (KafkaException failure) when (!_isAbandoned)
            {
                if (failure.IsFatal) throw;
            }
            catch (KafkaException) when (_isAbandoned)
            {
                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async ValueTask HandleAsync(Record<string, string> record, CancellationToken cancellation)
    {
        _history.Handled.Enqueue(new Handled(string.Create(CultureInfo.InvariantCulture, $"{_name}.{Volatile.Read(ref _reign)}"), record.Partition, record.Offset, record.Key!, record.Value!));
        if (record.Offset % 50 == 0) await Task.Delay(1, cancellation);
    }

    private ValueTask NextReign()
    {
        Interlocked.Increment(ref _reign);
        return ValueTask.CompletedTask;
    }
}
