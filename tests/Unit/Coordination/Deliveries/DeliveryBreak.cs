namespace Moldau.Unit.Coordination.Deliveries;

/// <summary>What is done wrong on purpose, so that a test can tell that it would be noticed.</summary>
internal enum DeliveryBreak
{
    None,

    /// <summary>What is written is thrown away.</summary>
    StoresNothing,

    /// <summary>Members are told of success where a write has failed.</summary>
    CallsFailureSuccess,
}
