namespace Moldau.Client.Producing;

/// <summary>Stands around a send: may change what is sent, wait, send again, or refuse by throwing.</summary>
/// <param name="context">What is being sent.</param>
/// <param name="next">Sends it; the task ends when it is confirmed.</param>
public delegate ValueTask<RecordAck> SendMiddleware(SendContext context, SendNext next);
