namespace Moldau.Client.Handling;

/// <summary>
/// Stands around each attempt to handle a record: may change what the handler is given, wait, call it again, throw, or leave it out, and
/// then the record is done.
/// </summary>
/// <param name="context">What is being handled.</param>
/// <param name="next">Handles it.</param>
public delegate ValueTask HandleMiddleware(HandleContext context, HandleNext next);
