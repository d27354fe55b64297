namespace Moldau.Testing.Faults;

/// <summary>Where on a request's way something happens to it.</summary>
public enum FaultMoment
{
    /// <summary>The broker has not seen it: nothing is done.</summary>
    BeforeRequest,

    /// <summary>It is done, and its answer has not left.</summary>
    BeforeReply,

    /// <summary>It is done, and half of its answer has left.</summary>
    WithinReply,
}
