using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests;

/// <summary>One API as this broker serves it: a row of <see cref="RequestHandlers"/>.</summary>
internal sealed class ApiRow(ApiKey key, RequestHandler handler, QuotaKind quota, params AccessCheck[] checks)
{
    public ApiDescription Api { get; } = ApiTable.Get(key);

    public RequestHandler Handler { get; set; } = handler;

    public QuotaKind Quota { get; } = quota;

    /// <summary>What a principal must be allowed, all of it or one of it as the API has it; what is asked about decides on which names.</summary>
    public IReadOnlyList<AccessCheck> Checks { get; } = checks;

    /// <summary>Whether later requests of the connection are not looked at before this one has its answer.</summary>
    public bool IsExclusive { get; init; } = true;

    /// <summary>Whether it may keep a thread: it waits for the disk.</summary>
    public bool RunsOnPool { get; init; }

    /// <summary>Whether its request holds bytes that are looked at after its start.</summary>
    public bool KeepsFrame { get; init; }

    public RequestCounts Counts { get; } = new();
}
