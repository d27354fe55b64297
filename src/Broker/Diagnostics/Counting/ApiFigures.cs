using Moldau.Broker.Requests;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Diagnostics.Counting;

/// <summary>What one lane has seen of one API. Only the lane adds.</summary>
internal sealed class ApiFigures(ApiDescription api, RequestInstruments instruments)
{
    private readonly KeyValuePair<string, object?>[] _tags = [new(MetricLabel.Api.Exported, api.Name)];
    private readonly long[] _versions = new long[api.HighestVersion + 1];
    private readonly long[] _errors = new long[ErrorTally.Length];
    private Histogram[]? _times;
    private Histogram[]? _sizes;
    private long _ended;

    public ApiDescription Api { get; } = api;

    /// <summary>By version.</summary>
    public ReadOnlySpan<long> Versions => _versions;

    /// <summary>By place of <see cref="ErrorTally"/>.</summary>
    public ReadOnlySpan<long> Errors => _errors;

    /// <summary>Answered, or given up with their connection.</summary>
    public long Ended => Volatile.Read(ref _ended);

    public Histogram Time(RequestPhase phase) => Times[(int)phase];

    public Histogram RequestSize => Sizes[0];

    public Histogram ReplySize => Sizes[1];

    private Histogram[] Times => _times ??= Array.ConvertAll(instruments.Times, time => new Histogram(instruments.Durations, time, _tags));

    private Histogram[] Sizes => _sizes ??= Array.ConvertAll(instruments.Sizes, size => new Histogram(Buckets.Sizes, size, _tags));

    public void Begin(short version, int bytes)
    {
        _versions[version]++;
        RequestSize.Add(bytes);
    }

    public void Answer(Exchange exchange)
    {
        exchange.Response.CountErrors(new ErrorTally(_errors));
    }

    public void End() => _ended++;
}
