namespace Moldau.Broker.Requests;

/// <summary>By which quota an API's use is held back, besides the request time of all of them.</summary>
internal enum QuotaKind
{
    Request,
    Produce,
    Fetch,
    ControllerMutation,

    /// <summary>Between nodes, and what must not be held back.</summary>
    None,
}
