namespace Moldau.Client.Producing;

/// <summary>The rest of the way of a record.</summary>
public delegate ValueTask<RecordAck> SendNext(SendContext context);
