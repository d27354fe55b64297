using System.Diagnostics;
using Moldau.Client.Connections;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Telemetry;

/// <summary>What goes to one broker and back, on connections of one role.</summary>
internal sealed class NodeFigures(string clientId, BrokerAddress address, ConnectionRole role)
{
    private long _opened;
    private long _closed;
    private long _active;
    private long _bytesOut;
    private long _bytesIn;

    public BrokerAddress Address => address;

    public ConnectionRole Role => role;

    public long Opened => Interlocked.Read(ref _opened);

    public long Open => Opened - Interlocked.Read(ref _closed);

    public long Active => Interlocked.Read(ref _active);

    public long BytesOut => Interlocked.Read(ref _bytesOut);

    public long BytesIn => Interlocked.Read(ref _bytesIn);

    public Tally Latency { get; } = new();

    public Tally FetchLatency { get; } = new();

    public void WasOpened() => Interlocked.Increment(ref _opened);

    /// <param name="left">Requests that will not be answered any more.</param>
    public void WasClosed(int left)
    {
        Interlocked.Increment(ref _closed);
        Interlocked.Add(ref _active, -left);
    }

    public void Sends(int bytes)
    {
        Interlocked.Increment(ref _active);
        Interlocked.Add(ref _bytesOut, bytes);
    }

    public void Answered(ApiDescription api, TimeSpan latency, int bytes)
    {
        Interlocked.Decrement(ref _active);
        Interlocked.Add(ref _bytesIn, bytes);
        Latency.Add(latency);
        if (api.Key == ApiKey.Fetch) FetchLatency.Add(latency);
        if (!ClientMeter.RequestDuration.Enabled) return;
        var tags = new TagList
        {
            { TelemetryTag.Api, api.Name }, { TelemetryTag.ClientId, clientId }, { TelemetryTag.ServerAddress, address.Host }, { TelemetryTag.ServerPort, address.Port },
        };
        ClientMeter.RequestDuration.Record(latency.TotalSeconds, tags);
    }
}
